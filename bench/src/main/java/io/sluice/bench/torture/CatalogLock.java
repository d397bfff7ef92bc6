package io.sluice.bench.torture;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Somebody else who holds the write lock of the catalog's SQLite file. */
record CatalogLock(String uri) {

  private static final String PATIENT = "?journal_mode=WAL&busy_timeout=30000";

  void hold(Fault.Lasting lasting) throws SQLException, InterruptedException {
    try (Connection connection = DriverManager.getConnection(uri + PATIENT);
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        lasting.pass();
      } finally {
        statement.execute("ROLLBACK");
      }
    }
  }
}
