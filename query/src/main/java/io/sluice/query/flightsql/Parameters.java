package io.sluice.query.flightsql;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Parameters of a statement: the types that are proposed to clients, and the values they give. */
final class Parameters {

  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+), ?(\\d+)\\)");

  /**
   * A field for each.
   *
   * @param types DuckDB's names; what it does not know is proposed as text, which it casts
   */
  static Schema schema(List<String> types) {
    List<Field> fields = new ArrayList<>();
    for (String type : types) {
      fields.add(Field.nullable("parameter_" + (fields.size() + 1), arrow(type)));
    }
    return new Schema(fields);
  }

  private static ArrowType arrow(String type) {
    Matcher decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      return new ArrowType.Decimal(
          Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)), 128);
    }
    return switch (type) {
      case "BOOLEAN" -> ArrowType.Bool.INSTANCE;
      case "TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT" -> new ArrowType.Int(32, true);
      case "BIGINT", "UINTEGER" -> new ArrowType.Int(64, true);
      case "FLOAT", "DOUBLE" -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case "BLOB" -> ArrowType.Binary.INSTANCE;
      case "DATE" -> new ArrowType.Date(DateUnit.DAY);
      // of JDBC's milliseconds its driver makes as many of whatever unit is proposed
      case "TIMESTAMP" -> new ArrowType.Timestamp(TimeUnit.MILLISECOND, null);
      case "TIMESTAMP WITH TIME ZONE" -> new ArrowType.Timestamp(TimeUnit.MILLISECOND, "UTC");
      default -> ArrowType.Utf8.INSTANCE;
    };
  }

  /** The values of a row, as DuckDB's driver takes them. */
  static List<@Nullable Object> values(VectorSchemaRoot row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (FieldVector column : row.getFieldVectors()) {
      values.add(column.isNull(0) ? null : value(column));
    }
    return Collections.unmodifiableList(values);
  }

  private static Object value(FieldVector column) {
    if (column instanceof TimeStampVector time) {
      return instant(time);
    }
    if (column instanceof DateDayVector day) {
      return LocalDate.ofEpochDay(day.get(0));
    }
    Object value = column.getObject(0);
    return switch (column.getField().getType().getTypeID()) {
      case Utf8, LargeUtf8, Utf8View -> value.toString();
      case Int, FloatingPoint, Bool, Binary, LargeBinary, Decimal -> value;
      case Date -> ((LocalDateTime) value).toLocalDate();
      default ->
          throw CallStatus.INVALID_ARGUMENT
              .withDescription(
                  "cannot take parameter '%s': its type %s is not served (send it as text)"
                      .formatted(column.getName(), column.getField().getType()))
              .toRuntimeException();
    };
  }

  private static Object instant(TimeStampVector time) {
    ArrowType.Timestamp type = (ArrowType.Timestamp) time.getField().getType();
    ChronoUnit unit =
        switch (type.getUnit()) {
          case SECOND -> ChronoUnit.SECONDS;
          case MILLISECOND -> ChronoUnit.MILLIS;
          case MICROSECOND -> ChronoUnit.MICROS;
          case NANOSECOND -> ChronoUnit.NANOS;
        };
    Instant instant = Instant.EPOCH.plus(time.get(0), unit);
    return type.getTimezone() == null
        ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
        : instant.atOffset(ZoneOffset.UTC);
  }

  private Parameters() {}
}
