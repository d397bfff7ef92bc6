package io.sluice.bench.torture;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Somebody else who holds the write lock of the catalog's SQLite file, or its PostgreSQL table. */
record CatalogLock(String uri) {

  private static final String SQLITE = "jdbc:sqlite:";
  private static final String PATIENT = "?journal_mode=WAL&busy_timeout=30000";

  void hold(Fault.Lasting lasting) throws SQLException, InterruptedException {
    boolean sqlite = uri.startsWith(SQLITE);
    try (Connection connection = DriverManager.getConnection(sqlite ? uri + PATIENT : uri);
        Statement statement = connection.createStatement()) {
      statement.execute(
          sqlite ? "BEGIN IMMEDIATE" : "BEGIN; LOCK TABLE iceberg_tables IN ACCESS EXCLUSIVE MODE");
      try {
        lasting.pass();
      } finally {
        statement.execute("ROLLBACK");
      }
    }
  }
}
