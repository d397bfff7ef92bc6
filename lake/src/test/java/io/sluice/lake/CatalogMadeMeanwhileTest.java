package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several Writers that are started at once on a catalog that is not there yet. */
final class CatalogMadeMeanwhileTest {

  @TempDir private Path directory;

  /** Each statement that makes something is run by another process, just before it is run here. */
  @Test
  void databaseThatAnotherProcessMakesAtTheSameTimeIsOpenedWithoutWaiting() throws Exception {
    String database = "jdbc:sqlite:" + directory.resolve("catalog.db");
    LakeConfig config = LakeConfig.of(database, "file://" + directory.resolve("warehouse"));
    List<String> made = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Catalogs.Connector connector =
        (uri, properties) ->
            new UnrepeatingConnections(uri, properties) {
              @Override
              protected Connection newClient() {
                return beaten(super.newClient(), database, made, seen);
              }
            };
    try (Lake lake =
        Lake.open(
            config,
            Clock.systemUTC(),
            Lake.files(config),
            connector,
            pause -> {
              throw new AssertionError("it waits");
            })) {
      lake.ensureTables("default");
      assertThat(lake.tenants()).containsExactly("default");
    }
    assertThat(made).anyMatch(sql -> sql.startsWith("ALTER")).hasSizeGreaterThan(1);
  }

  private static Connection beaten(
      Connection connection, String database, List<String> made, Set<String> seen) {
    return (Connection)
        Proxy.newProxyInstance(
            CatalogMadeMeanwhileTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepareStatement")
                  && arguments[0] instanceof String sql
                  && sql.matches("(?s)\\s*(CREATE|ALTER).*")
                  && seen.add(sql)) {
                run(database, sql);
                made.add(sql.strip());
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void run(String database, String sql) throws SQLException {
    try (Connection other = DriverManager.getConnection(database);
        Statement statement = other.createStatement()) {
      statement.execute(sql);
    }
  }
}
