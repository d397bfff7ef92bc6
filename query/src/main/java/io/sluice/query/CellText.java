package io.sluice.query;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.BaseListVector;
import org.apache.arrow.vector.complex.BaseRepeatedValueVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** A value of any type that DuckDB gives, as text. */
enum CellText {
  /** As JSON: strings quoted, and so is what JSON has no number for. */
  JSON(true),
  /** Bare at the outside; what is nested is JSON, so that it can be told apart. */
  TEXT(false);

  private final boolean quoted;

  CellText(boolean quoted) {
    this.quoted = quoted;
  }

  static boolean isNull(ValueVector vector, int row) {
    return vector instanceof NullVector || vector.isNull(row);
  }

  void append(ValueVector vector, int row, StringBuilder out) {
    DuckType duck = DuckType.of(vector.getField());
    if (isNull(vector, row)) {
      out.append("null");
    } else if (duck != null) {
      String text = duck.text((byte[]) vector.getObject(row));
      if (duck.isNumber()) {
        out.append(text);
      } else {
        string(text, out);
      }
    } else if (vector instanceof TinyIntVector bool8 && isBool8(vector)) {
      out.append(bool8.get(row) != 0);
    } else if (vector instanceof BitVector bits) {
      out.append(bits.get(row) == 1);
    } else if (vector instanceof UInt8Vector unsigned) {
      out.append(Long.toUnsignedString(unsigned.get(row)));
    } else if (vector instanceof BaseIntVector integers) {
      out.append(integers.getValueAsLong(row));
    } else if (vector instanceof Float8Vector doubles) {
      number(doubles.get(row), Double.toString(doubles.get(row)), out);
    } else if (vector instanceof Float4Vector floats) {
      number(floats.get(row), Float.toString(floats.get(row)), out);
    } else if (vector.getField().getType() instanceof ArrowType.Decimal) {
      out.append(vector.getObject(row));
    } else if (vector instanceof BaseListVector || vector instanceof StructVector) {
      nested(vector, row, out);
    } else {
      string(plain(vector, row), out);
    }
  }

  private void number(double value, String text, StringBuilder out) {
    if (Double.isFinite(value)) {
      out.append(text);
    } else {
      string(text, out);
    }
  }

  private void string(String text, StringBuilder out) {
    if (quoted) {
      JsonText.quote(text, out);
    } else {
      out.append(text);
    }
  }

  private static String plain(ValueVector vector, int row) {
    if (vector instanceof VarCharVector strings) {
      return new String(strings.get(row), StandardCharsets.UTF_8);
    }
    if (vector instanceof VarBinaryVector bytes) {
      return Base64.getEncoder().encodeToString(bytes.get(row));
    }
    if (vector instanceof TimeStampVector times) {
      return TimeText.timestamp(times.get(row), (ArrowType.Timestamp) vector.getField().getType());
    }
    if (vector instanceof DateDayVector days) {
      return TimeText.date(days.get(row));
    }
    if (vector instanceof TimeMicroVector micros) {
      return TimeText.time(micros.get(row) * 1000);
    }
    if (vector instanceof TimeNanoVector nanos) {
      return TimeText.time(nanos.get(row));
    }
    if (vector instanceof IntervalMonthDayNanoVector intervals) {
      return TimeText.interval(intervals.getObject(row));
    }
    return String.valueOf(vector.getObject(row));
  }

  private static boolean isBool8(ValueVector vector) {
    return "arrow.bool8".equals(vector.getField().getMetadata().get("ARROW:extension:name"));
  }

  private static void nested(ValueVector vector, int row, StringBuilder out) {
    if (vector instanceof MapVector map) {
      entries(map, row, out);
    } else if (vector instanceof StructVector struct) {
      String comma = "";
      out.append('{');
      for (String name : struct.getChildFieldNames()) {
        out.append(comma);
        JsonText.quote(name, out);
        out.append(':');
        JSON.append(struct.getChild(name), row, out);
        comma = ",";
      }
      out.append('}');
    } else {
      BaseListVector list = (BaseListVector) vector;
      ValueVector elements =
          vector instanceof FixedSizeListVector fixed
              ? fixed.getDataVector()
              : ((BaseRepeatedValueVector) vector).getDataVector();
      String comma = "";
      out.append('[');
      for (int i = list.getElementStartIndex(row); i < list.getElementEndIndex(row); i++) {
        out.append(comma);
        JSON.append(elements, i, out);
        comma = ",";
      }
      out.append(']');
    }
  }

  private static void entries(MapVector map, int row, StringBuilder out) {
    StructVector entries = (StructVector) map.getDataVector();
    ValueVector keys = entries.getChildByOrdinal(0);
    ValueVector values = entries.getChildByOrdinal(1);
    String comma = "";
    out.append('{');
    for (int i = map.getElementStartIndex(row); i < map.getElementEndIndex(row); i++) {
      out.append(comma);
      StringBuilder key = new StringBuilder();
      TEXT.append(keys, i, key);
      JsonText.quote(key.toString(), out);
      out.append(':');
      JSON.append(values, i, out);
      comma = ",";
    }
    out.append('}');
  }
}
