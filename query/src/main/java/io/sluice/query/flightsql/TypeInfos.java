package io.sluice.query.flightsql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.sql.FlightSqlProducer.Schemas;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** The types of columns, as ODBC and JDBC number them. */
final class TypeInfos {

  private static final int NULLABLE = 1;
  private static final int SEARCHABLE = 3;

  private static final int BIT = -7;
  private static final int INTEGER = 4;
  private static final int BIGINT = -5;
  private static final int DOUBLE = 8;
  private static final int VARCHAR = 12;
  private static final int VARBINARY = -3;
  private static final int DATE = 91;
  private static final int TIMESTAMP = 93;

  private static final List<Map<String, Object>> ALL =
      List.of(
          row("BOOLEAN", BIT, 1, null),
          row("INTEGER", INTEGER, 10, null),
          row("BIGINT", BIGINT, 19, null),
          row("DOUBLE", DOUBLE, 15, null),
          row("VARCHAR", VARCHAR, Integer.MAX_VALUE, "'"),
          row("BLOB", VARBINARY, Integer.MAX_VALUE, null),
          row("DATE", DATE, 10, "'"),
          row("TIMESTAMP WITH TIME ZONE", TIMESTAMP, 32, "'"));

  private static Map<String, Object> row(String name, int type, int size, @Nullable String quote) {
    Map<String, Object> row = new HashMap<>();
    row.put("type_name", name);
    row.put("data_type", type);
    row.put("column_size", size);
    row.put("nullable", NULLABLE);
    row.put("case_sensitive", type == VARCHAR);
    row.put("searchable", SEARCHABLE);
    row.put("fixed_prec_scale", false);
    row.put("sql_data_type", type);
    if (quote != null) {
      row.put("literal_prefix", quote);
      row.put("literal_suffix", quote);
    }
    return row;
  }

  /**
   * Sends them.
   *
   * @param asked the number of one; null is all
   */
  static void send(
      @Nullable Integer asked, BufferAllocator allocator, ServerStreamListener listener) {
    MetadataRows.send(
        Schemas.GET_TYPE_INFO_SCHEMA,
        ALL.stream().filter(row -> asked == null || asked.equals(row.get("data_type"))).toList(),
        allocator,
        listener);
  }

  private TypeInfos() {}
}
