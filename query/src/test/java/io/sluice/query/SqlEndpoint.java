package io.sluice.query;

import io.sluice.query.flightsql.FlightSqlService;
import io.sluice.query.flightsql.FlightSqlSettings;
import io.sluice.schema.service.Settings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/** A SQL endpoint over a lake and a fake Writer, and clients of it by Arrow's own JDBC driver. */
final class SqlEndpoint implements AutoCloseable {

  final Reading reading;
  final FlightSqlService service;

  SqlEndpoint(Path directory, String... flags) throws Exception {
    reading = new Reading(directory);
    reading.lake.ensureTables("default");
    List<String> all =
        new ArrayList<>(
            List.of(
                "--data=" + directory,
                "--writers=" + reading.writer.address(),
                "--bind-address=127.0.0.1",
                "--flight-sql.port=0",
                "--flight-sql.admin.port=0",
                "--read.wait=1s"));
    all.addAll(List.of(flags));
    service = FlightSqlService.open(FlightSqlSettings.from(Settings.of(all, Map.of(), directory)));
  }

  /** As anybody. */
  Connection connect() throws SQLException {
    return connect(new Properties());
  }

  /** As DBeaver does: the token is the password of any user. */
  Connection connectAs(String token) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "anybody");
    properties.setProperty("password", token);
    return connect(properties);
  }

  Connection connect(Properties properties) throws SQLException {
    properties.setProperty("useEncryption", "false");
    return DriverManager.getConnection(
        "jdbc:arrow-flight-sql://127.0.0.1:%d/".formatted(service.port()), properties);
  }

  /** Columns of a row apart by commas, rows by lines. */
  static String rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows(rows);
    }
  }

  static String rows(ResultSet rows) throws SQLException {
    StringBuilder text = new StringBuilder();
    while (rows.next()) {
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        text.append(i == 1 ? "" : ",").append(rows.getObject(i));
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Waits until nothing runs; fails if that is not soon. */
  void awaitIdle() {
    long end = System.nanoTime() + 30_000_000_000L;
    while (service.running() > 0) {
      if (System.nanoTime() > end) {
        throw new AssertionError(service.running() + " statements run on");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() throws Exception {
    try (reading;
        service) {
      return;
    }
  }
}
