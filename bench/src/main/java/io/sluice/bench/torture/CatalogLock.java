package io.sluice.bench.torture;

import io.sluice.lake.LakeConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Somebody else who holds the write lock of the catalog's SQLite file, or its PostgreSQL table. */
record CatalogLock(LakeConfig lake) {

  private static final String SQLITE = "jdbc:sqlite:";
  private static final String PATIENT = "?journal_mode=WAL&busy_timeout=30000";

  void hold(Fault.Lasting lasting) throws SQLException, IOException, InterruptedException {
    boolean sqlite = lake.catalogUri().startsWith(SQLITE);
    Properties properties = new Properties();
    lake.catalogProperties()
        .forEach((name, value) -> properties.setProperty(name.replaceFirst("^jdbc\\.", ""), value));
    try (Connection connection =
            DriverManager.getConnection(
                sqlite ? lake.catalogUri() + PATIENT : lake.catalogUri(), properties);
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
