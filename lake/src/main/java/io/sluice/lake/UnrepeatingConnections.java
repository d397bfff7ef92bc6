package io.sluice.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.apache.iceberg.ClientPool;
import org.apache.iceberg.jdbc.JdbcClientPool;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog's connections. Iceberg's own pool repeats a statement when its answer was lost; if
 * the first one did commit, the second finds nothing to update, and Iceberg then deletes the
 * manifest list of a snapshot that is in the table. Here nothing is repeated, and a connection that
 * failed is closed, not used again, and all idle ones with it: what broke one broke them as well.
 * One that has been idle for long is asked first whether it still lives, since a commit that fails
 * on a dead one is one of unknown outcome. One whose file was moved away or replaced is closed,
 * too. Safe for any number of threads; open for tests that break connections.
 */
class UnrepeatingConnections extends JdbcClientPool {

  private static final Logger LOG = LoggerFactory.getLogger(UnrepeatingConnections.class);
  private static final int MOST = 4;
  private static final long IDLE_NANOS = 10_000_000_000L;
  private static final int ANSWER_SECONDS = 5;

  private final Semaphore free = new Semaphore(MOST);
  private final Deque<Idle> idle = new ArrayDeque<>();
  private final @Nullable CatalogFile file;
  private boolean closed;
  private volatile boolean seen;
  private volatile boolean written;

  /**
   * @param of the file that it was opened on, if it was on one
   * @param since by the monotonic clock
   */
  private record Idle(Connection connection, @Nullable Object of, long since) {}

  UnrepeatingConnections(String uri, Map<String, String> properties) {
    super(MOST, uri, properties);
    this.file = CatalogFile.of(uri);
  }

  /** Says why not, and what to do. */
  @Override
  protected Connection newClient() {
    try {
      if (file != null) {
        file.requireNoRest();
      }
      return super.newClient();
    } catch (SQLException e) {
      throw new UncheckedSQLException(e, "%s", CatalogReason.ofConnecting(e));
    } catch (UncheckedSQLException e) {
      throw e.getCause() instanceof SQLException why
          ? new UncheckedSQLException(why, "%s", CatalogReason.ofConnecting(why))
          : e;
    }
  }

  @Override
  public <R> R run(ClientPool.Action<R, Connection, SQLException> action)
      throws SQLException, InterruptedException {
    free.acquire();
    try {
      Idle taken = take();
      boolean sound = false;
      try {
        R result = action.run(taken.connection());
        sound = true;
        return result;
      } finally {
        giveBack(taken, sound);
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

  private Idle take() {
    Object present = present();
    Idle last;
    synchronized (idle) {
      if (closed) {
        throw new IllegalStateException("cannot use the catalog's connections: closed");
      }
      last = idle.pollLast();
    }
    if (last == null) {
      return open();
    }
    boolean fresh = System.nanoTime() - last.since() < IDLE_NANOS;
    if (Objects.equals(last.of(), present) && (fresh || isAlive(last.connection()))) {
      return last;
    }
    giveBack(last, false);
    return open();
  }

  private Idle open() {
    Connection connection = newClient();
    if (!seen) {
      written = isWritable();
      seen = true;
    }
    try {
      return new Idle(connection, present(), System.nanoTime());
    } catch (UncheckedSQLException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  /** The file that is there now, once there was one; without it no connection is of use. */
  private @Nullable Object present() {
    if (file == null || !seen) {
      return null;
    }
    Object identity;
    try {
      identity = file.identity();
    } catch (SQLException e) {
      closeIdle(List.of());
      throw new UncheckedSQLException(e, "%s", e.getMessage());
    }
    if (written && !isWritable()) { // closing writes, too
      SQLException e =
          new SQLException(
              "%s, or its -wal or -shm, can no longer be written (is its file system read-only?)"
                  .formatted(file));
      throw new UncheckedSQLException(e, "%s", e.getMessage());
    }
    return identity;
  }

  /**
   * SQLite writes to memory that it shares by a file: where the kernel does not let it any more,
   * the process ends by SIGBUS. Who could not write from the start only reads.
   */
  boolean isWritable() {
    return file == null || file.isWritable();
  }

  private static boolean isAlive(Connection connection) {
    try {
      return connection.isValid(ANSWER_SECONDS);
    } catch (SQLException e) {
      LOG.debug("a catalog connection does not say whether it lives", e);
      return false;
    }
  }

  private void giveBack(Idle taken, boolean sound) {
    synchronized (idle) {
      if (sound && !closed) {
        idle.addLast(new Idle(taken.connection(), taken.of(), System.nanoTime()));
        return;
      }
    }
    closeIdle(List.of(taken));
  }

  private void closeIdle(List<Idle> more) {
    List<Idle> dead = new ArrayList<>(more);
    synchronized (idle) {
      dead.addAll(idle);
      idle.clear();
    }
    dead.forEach(one -> closeQuietly(one.connection()));
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
    synchronized (idle) {
      closed = true;
    }
    closeIdle(List.of());
    super.close();
  }
}
