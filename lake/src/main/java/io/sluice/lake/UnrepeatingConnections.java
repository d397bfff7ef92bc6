package io.sluice.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.iceberg.ClientPool;
import org.apache.iceberg.jdbc.JdbcClientPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog's connections. Iceberg's own pool repeats a statement when its answer was lost; if
 * the first one did commit, the second finds nothing to update, and Iceberg then deletes the
 * manifest list of a snapshot that is in the table. Here nothing is repeated, and a connection that
 * failed is closed, not used again. Safe for any number of threads; open for tests that break
 * connections.
 */
class UnrepeatingConnections extends JdbcClientPool {

  private static final Logger LOG = LoggerFactory.getLogger(UnrepeatingConnections.class);
  private static final int MOST = 4;

  private final Semaphore free = new Semaphore(MOST);
  private final Deque<Connection> idle = new ArrayDeque<>();
  private boolean closed;

  UnrepeatingConnections(String uri, Map<String, String> properties) {
    super(MOST, uri, properties);
  }

  @Override
  public <R> R run(ClientPool.Action<R, Connection, SQLException> action)
      throws SQLException, InterruptedException {
    free.acquire();
    try {
      Connection connection = take();
      boolean sound = false;
      try {
        R result = action.run(connection);
        sound = true;
        return result;
      } finally {
        giveBack(connection, sound);
      }
    } finally {
      free.release();
    }
  }

  @Override
  public <R> R run(ClientPool.Action<R, Connection, SQLException> action, boolean retry)
      throws SQLException, InterruptedException {
    return run(action);
  }

  private Connection take() {
    synchronized (idle) {
      if (closed) {
        throw new IllegalStateException("cannot use the catalog's connections: closed");
      }
      Connection connection = idle.pollLast();
      if (connection != null) {
        return connection;
      }
    }
    return newClient();
  }

  private void giveBack(Connection connection, boolean sound) {
    synchronized (idle) {
      if (sound && !closed) {
        idle.addLast(connection);
        return;
      }
    }
    closeQuietly(connection);
  }

  /** A connection being thrown away has nothing left to say: its failure was reported already. */
  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("a catalog connection did not close", e);
    }
  }

  @Override
  public void close() {
    Deque<Connection> last;
    synchronized (idle) {
      closed = true;
      last = new ArrayDeque<>(idle);
      idle.clear();
    }
    last.forEach(UnrepeatingConnections::closeQuietly);
    super.close();
  }
}
