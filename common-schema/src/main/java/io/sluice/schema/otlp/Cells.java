package io.sluice.schema.otlp;

import com.google.protobuf.ByteString;
import io.sluice.schema.rows.EnumNames;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;

/** The columns of a root, or the fields of a struct, by name and with their types. */
final class Cells {

  private final Map<String, FieldVector> vectors = new HashMap<>();

  Cells(List<FieldVector> vectors) {
    vectors.forEach(v -> this.vectors.put(v.getName(), v));
  }

  /** The fields of a list's structs; their index is the element's. */
  static Cells ofElements(ListVector list) {
    return new Cells(list.getDataVector().getChildrenFromFields());
  }

  private <V> V vector(String name, Class<V> type) {
    FieldVector vector = vectors.get(name);
    if (!type.isInstance(vector)) {
      throw new IllegalArgumentException(
          "cannot turn rows into OTLP: column %s is %s (all of the table's columns are needed)"
              .formatted(name, vector == null ? "missing" : vector.getField()));
    }
    return type.cast(vector);
  }

  boolean isNull(String name, int index) {
    return vector(name, FieldVector.class).isNull(index);
  }

  /** Empty for null. */
  String text(String name, int index) {
    VarCharVector vector = vector(name, VarCharVector.class);
    return vector.isNull(index) ? "" : new String(vector.get(index), StandardCharsets.UTF_8);
  }

  /** Empty for null. */
  ByteString bytes(String name, int index) {
    VarBinaryVector vector = vector(name, VarBinaryVector.class);
    return vector.isNull(index) ? ByteString.EMPTY : ByteString.copyFrom(vector.get(index));
  }

  /** The bytes of an id in hex; empty for null. */
  ByteString id(String name, int index) {
    String hex = text(name, index);
    try {
      return ByteString.fromHex(hex);
    } catch (NumberFormatException e) {
      throw unreadable(name, index, hex, e);
    }
  }

  /** The number of an enum's name; 0 for null. */
  int enumNumber(EnumNames names, String name, int index) {
    String text = text(name, index);
    try {
      return text.isEmpty() ? 0 : names.number(text);
    } catch (NumberFormatException e) {
      throw unreadable(name, index, text, e);
    }
  }

  private static IllegalArgumentException unreadable(
      String name, int index, String text, NumberFormatException cause) {
    return new IllegalArgumentException(
        "cannot turn rows into OTLP: %s of row %d is \"%s\"".formatted(name, index, text), cause);
  }

  /** 0 for null. */
  long number(String name, int index) {
    BigIntVector vector = vector(name, BigIntVector.class);
    return vector.isNull(index) ? 0 : vector.get(index);
  }

  /** The low 32 bits of a long: a uint32. */
  int unsigned(String name, int index) {
    return (int) number(name, index);
  }

  /** 0 for null. */
  int integer(String name, int index) {
    IntVector vector = vector(name, IntVector.class);
    return vector.isNull(index) ? 0 : vector.get(index);
  }

  /** 0 for null. */
  double real(String name, int index) {
    Float8Vector vector = vector(name, Float8Vector.class);
    return vector.isNull(index) ? 0 : vector.get(index);
  }

  /** False for null. */
  boolean flag(String name, int index) {
    BitVector vector = vector(name, BitVector.class);
    return !vector.isNull(index) && vector.get(index) == 1;
  }

  ListVector list(String name) {
    return vector(name, ListVector.class);
  }

  MapVector map(String name) {
    return vector(name, MapVector.class);
  }
}
