package io.sluice.bench.torture.writer;

import io.sluice.bench.torture.writer.Switches.Switch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A database that can be away, hang, or do what it was told and lose the answer. It stands in the
 * place of the driver whose URIs it takes, so that all of the catalog's connections are its own.
 */
record SwitchedDriver(Driver driver, SwitchBoard board) implements Driver {

  private static final List<String> SOME_URIS =
      List.of("jdbc:sqlite:any", "jdbc:postgresql://any/any");

  /** From now on it is the one that opens the catalogs of this process. */
  static void install(SwitchBoard board) throws SQLException {
    for (String uri : SOME_URIS) {
      Driver driver = DriverManager.getDriver(uri);
      DriverManager.deregisterDriver(driver);
      DriverManager.registerDriver(new SwitchedDriver(driver, board));
    }
  }

  @Override
  public @Nullable Connection connect(String uri, Properties properties) throws SQLException {
    if (!driver.acceptsURL(uri)) {
      return null;
    }
    reach();
    Connection connection = driver.connect(uri, properties);
    return connection == null ? null : switched(connection, Connection.class);
  }

  private void reach() throws SQLException {
    try {
      board.awaitOff(Switch.CATALOG_HANGS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted at the catalog", e);
    }
    if (board.isOn(Switch.CATALOG_FAILS)) {
      throw new SQLException("cannot reach the catalog (injected)");
    }
  }

  /** An interface of JDBC's as its target does it, after the switches. */
  private <T> T switched(T target, Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            SwitchedDriver.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call(target, method, arguments)));
  }

  private @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    boolean runs = method.getName().startsWith("execute");
    if (runs) {
      reach();
    }
    @Nullable Object result;
    try {
      result = method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
    if (runs && board.isOn(Switch.CATALOG_ANSWERS_LOST)) {
      throw new SQLException("the catalog's answer was lost (injected)");
    }
    return result instanceof PreparedStatement statement
        ? switched(statement, PreparedStatement.class)
        : result;
  }

  @Override
  public boolean acceptsURL(String uri) throws SQLException {
    return driver.acceptsURL(uri);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String uri, Properties properties)
      throws SQLException {
    return driver.getPropertyInfo(uri, properties);
  }

  @Override
  public int getMajorVersion() {
    return driver.getMajorVersion();
  }

  @Override
  public int getMinorVersion() {
    return driver.getMinorVersion();
  }

  @Override
  public boolean jdbcCompliant() {
    return driver.jdbcCompliant();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger(SwitchedDriver.class.getName());
  }
}
