package io.sluice.bench.whole;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.io.CloseableIterable;

/** Some columns of a table's Parquet files as DuckDB reads them, and the same of messages. */
final class DuckDbRows {

  /** Columns that have the name of their field: ids, times and counts. */
  private static List<String> columns(Table table) {
    return switch (table) {
      case TRACES ->
          List.of("trace_id", "span_id", "parent_span_id", "start_time_unix_nano", "flags");
      case LOGS -> List.of("trace_id", "observed_time_unix_nano", "severity_number", "flags");
      case METRICS_GAUGE, METRICS_SUM -> List.of("start_time_unix_nano", "time_unix_nano", "flags");
      case METRICS_HISTOGRAM, METRICS_SUMMARY -> List.of("time_unix_nano", "count", "sum", "flags");
      case METRICS_EXPONENTIAL_HISTOGRAM ->
          List.of("time_unix_nano", "count", "scale", "zero_count", "min", "flags");
      case PROFILES -> List.of("profile_id", "time_unix_nano", "duration_nano", "period");
    };
  }

  /** Each row as text, sorted. */
  static List<String> read(Table table, org.apache.iceberg.Table iceberg)
      throws IOException, SQLException {
    List<String> columns = columns(table);
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT %s FROM read_parquet(%s, hive_partitioning = false)"
                    .formatted(String.join(", ", columns), files(iceberg)))) {
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          row.add(result.getObject(i));
        }
        rows.add(row.toString());
      }
    }
    return rows.stream().sorted().toList();
  }

  private static String files(org.apache.iceberg.Table iceberg) throws IOException {
    List<String> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = iceberg.newScan().planFiles()) {
      tasks.forEach(task -> files.add(task.file().location().substring("file://".length())));
    }
    return files.stream().map(file -> "'" + file + "'").collect(Collectors.joining(", ", "[", "]"));
  }

  /** The same of the messages that the rows were. */
  static List<String> of(Table table, List<Message> messages) {
    return messages.stream()
        .map(message -> columns(table).stream().map(name -> value(message, name)).toList())
        .map(Object::toString)
        .sorted()
        .toList();
  }

  private static Object value(Message message, String name) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
    Object value = message.getField(field);
    return switch (field.getType()) {
      case BYTES -> {
        byte[] id = ((ByteString) value).toByteArray();
        yield id.length == 0 ? "null" : HexFormat.of().formatHex(id);
      }
      case UINT32, FIXED32 -> Integer.toUnsignedLong((Integer) value);
      case ENUM -> ((com.google.protobuf.Descriptors.EnumValueDescriptor) value).getNumber();
      default -> field.hasPresence() && !message.hasField(field) ? "null" : value;
    };
  }

  private DuckDbRows() {}
}
