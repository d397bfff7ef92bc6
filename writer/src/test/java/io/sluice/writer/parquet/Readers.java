package io.sluice.writer.parquet;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.duckdb.DuckDBStruct;

/** Rows of files as text, read by others than us, and the same text of the rows written. */
final class Readers {

  static List<String> written(List<Map<String, Object>> rows) {
    return rows.stream().map(row -> text(row).toString()).sorted().toList();
  }

  static List<String> byIceberg(org.apache.iceberg.Table table) throws Exception {
    List<String> rows = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      records.forEach(record -> rows.add(text(record).toString()));
    }
    return rows.stream().sorted().toList();
  }

  static List<String> byDuckDb(String location) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      ResultSet result =
          statement.executeQuery(
              "SELECT * FROM read_parquet('" + path(location) + "', hive_partitioning = false)");
      while (result.next()) {
        Map<String, Object> row = new TreeMap<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.put(result.getMetaData().getColumnName(i), result.getObject(i));
        }
        rows.add(text(row).toString());
      }
    }
    return rows.stream().sorted().toList();
  }

  /** The first column of a query over a file, as DuckDB prints it. */
  static List<String> query(String sql, String location) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(sql.replace("FILE", "'" + path(location) + "'"))) {
      while (result.next()) {
        values.add(result.getString(1));
      }
    }
    return values;
  }

  static String path(String location) {
    return location.substring("file://".length());
  }

  private static Object text(Object value) {
    try {
      if (value instanceof Map<?, ?> map) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((k, v) -> sorted.put(String.valueOf(k), text(v)));
        return sorted;
      }
      if (value instanceof Record record) {
        Map<String, Object> sorted = new TreeMap<>();
        record
            .struct()
            .fields()
            .forEach(f -> sorted.put(f.name(), text(record.getField(f.name()))));
        return sorted;
      }
      if (value instanceof DuckDBStruct struct) {
        return text(struct.getMap());
      }
      if (value instanceof List<?> list) {
        return list.stream().map(Readers::text).toList();
      }
      if (value instanceof java.sql.Array array) {
        return text(Arrays.asList((Object[]) array.getArray()));
      }
      if (value instanceof java.sql.Blob blob) {
        return text(blob.getBytes(1, (int) blob.length()));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return scalar(value);
  }

  private static Object scalar(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return HexFormat.of().formatHex(copy);
    }
    if (value instanceof OffsetDateTime time) {
      return micros(time.toInstant());
    }
    if (value instanceof Timestamp time) {
      return micros(time.toInstant());
    }
    return String.valueOf(value);
  }

  private static String micros(Instant time) {
    return String.valueOf(
        TimeUnit.SECONDS.toMicros(time.getEpochSecond()) + time.getNano() / 1_000);
  }

  private Readers() {}
}
