package io.sluice.lake;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/**
 * Connections that break before a statement runs, or after it ran and before its answer arrives.
 */
final class FaultyConnections extends UnrepeatingConnections {

  private final Faults faults;

  FaultyConnections(String uri, Map<String, String> properties, Faults faults) {
    super(uri, properties);
    this.faults = faults;
  }

  @Override
  protected Connection newClient() {
    return faulty(super.newClient(), faults);
  }

  static Connection faulty(Connection connection, Faults faults) {
    return (Connection)
        Proxy.newProxyInstance(
            FaultyConnections.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              Object result = call(connection, method, arguments);
              return result instanceof PreparedStatement statement
                  ? faulty(statement, faults)
                  : result;
            });
  }

  private static PreparedStatement faulty(PreparedStatement statement, Faults faults) {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            FaultyConnections.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (proxy, method, arguments) -> {
              boolean runs = method.getName().startsWith("execute");
              if (runs && faults.strikes()) {
                throw new SQLException("connection lost before the statement ran", "08006");
              }
              Object result = call(statement, method, arguments);
              if (runs && faults.strikes()) {
                throw new SQLException("connection lost, the answer with it", "08006");
              }
              return result;
            });
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
