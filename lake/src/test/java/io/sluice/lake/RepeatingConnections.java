package io.sluice.lake;

import java.sql.Connection;
import java.util.Map;
import org.apache.iceberg.jdbc.JdbcClientPool;

/**
 * Iceberg's own pool, over connections that break: it repeats a statement whose answer was lost.
 */
final class RepeatingConnections extends JdbcClientPool {

  private final Faults faults;

  RepeatingConnections(String uri, Map<String, String> properties, Faults faults) {
    super(1, uri, properties);
    this.faults = faults;
  }

  @Override
  protected Connection newClient() {
    return FaultyConnections.faulty(super.newClient(), faults);
  }
}
