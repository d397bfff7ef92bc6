package io.sluice.schema.wire;

import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** The fields a wire schema is made of. Not nullable unless {@link #nullable} says so. */
final class WireFields {

  static Field utf8(String name) {
    return leaf(name, new ArrowType.Utf8());
  }

  static Field binary(String name) {
    return leaf(name, new ArrowType.Binary());
  }

  static Field u32(String name) {
    return leaf(name, new ArrowType.Int(32, false));
  }

  static Field u64(String name) {
    return leaf(name, new ArrowType.Int(64, false));
  }

  static Field i32(String name) {
    return leaf(name, new ArrowType.Int(32, true));
  }

  static Field i64(String name) {
    return leaf(name, new ArrowType.Int(64, true));
  }

  static Field f64(String name) {
    return leaf(name, new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));
  }

  static Field bool(String name) {
    return leaf(name, new ArrowType.Bool());
  }

  /** {@code map<utf8, utf8?>} with the entries struct {@code entries(key, value)}. */
  static Field attributes(String name) {
    Field entries = struct("entries", utf8("key"), nullable(utf8("value")));
    return new Field(name, FieldType.notNullable(new ArrowType.Map(false)), List.of(entries));
  }

  static Field list(String name, Field element) {
    return new Field(name, FieldType.notNullable(new ArrowType.List()), List.of(element));
  }

  static Field struct(String name, Field... fields) {
    return new Field(name, FieldType.notNullable(ArrowType.Struct.INSTANCE), List.of(fields));
  }

  /** A struct that stands once for each run of rows that share it. */
  static Field runs(String name, Field... fields) {
    return new Field(
        name,
        FieldType.notNullable(new ArrowType.RunEndEncoded()),
        List.of(i32("run_ends"), struct("values", fields)));
  }

  static Field nullable(Field field) {
    return new Field(
        field.getName(),
        new FieldType(true, field.getType(), field.getDictionary(), field.getMetadata()),
        field.getChildren());
  }

  private static Field leaf(String name, ArrowType type) {
    return new Field(name, FieldType.notNullable(type), null);
  }

  private WireFields() {}
}
