package io.sluice.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
 * failed is closed, not used again, and all idle ones with it: what broke one broke them as well.
 * One that has been idle for long is asked first whether it still lives, since a commit that fails
 * on a dead one is one of unknown outcome. Safe for any number of threads; open for tests that
 * break connections.
 */
class UnrepeatingConnections extends JdbcClientPool {

  private static final Logger LOG = LoggerFactory.getLogger(UnrepeatingConnections.class);
  private static final int MOST = 4;
  private static final long IDLE_NANOS = 10_000_000_000L;
  private static final int ANSWER_SECONDS = 5;

  private final Semaphore free = new Semaphore(MOST);
  private final Deque<Idle> idle = new ArrayDeque<>();
  private boolean closed;

  /**
   * @param since by the monotonic clock
   */
  private record Idle(Connection connection, long since) {}

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
    Idle last;
    synchronized (idle) {
      if (closed) {
        throw new IllegalStateException("cannot use the catalog's connections: closed");
      }
      last = idle.pollLast();
    }
    if (last == null) {
      return newClient();
    }
    if (System.nanoTime() - last.since() < IDLE_NANOS || isAlive(last.connection())) {
      return last.connection();
    }
    giveBack(last.connection(), false);
    return newClient();
  }

  private static boolean isAlive(Connection connection) {
    try {
      return connection.isValid(ANSWER_SECONDS);
    } catch (SQLException e) {
      LOG.debug("a catalog connection does not say whether it lives", e);
      return false;
    }
  }

  private void giveBack(Connection connection, boolean sound) {
    List<Connection> dead = new ArrayList<>();
    synchronized (idle) {
      if (sound && !closed) {
        idle.addLast(new Idle(connection, System.nanoTime()));
        return;
      }
      dead.add(connection);
      idle.forEach(one -> dead.add(one.connection()));
      idle.clear();
    }
    dead.forEach(UnrepeatingConnections::closeQuietly);
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
    List<Idle> last;
    synchronized (idle) {
      closed = true;
      last = List.copyOf(idle);
      idle.clear();
    }
    last.forEach(one -> closeQuietly(one.connection()));
    super.close();
  }
}
