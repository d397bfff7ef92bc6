package io.sluice.writer;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.schema.service.Fatal;
import io.sluice.schema.service.Secrets;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables' catalog, opened when it can be: until then the Writer takes puts, and reads are
 * refused, since nobody knows which rows are in the tables. One thread tries until it is open and
 * what must be known from it is, then says so once and ends. Guarded by its monitor.
 */
final class WriterCatalog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WriterCatalog.class);
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;
  private static final long CLOSE_MILLIS = 2_000;

  /** Opens what the tables are in. */
  @FunctionalInterface
  interface Opener {
    Lake open() throws LakeUnavailableException;
  }

  /** What is to be done with the open catalog. */
  @FunctionalInterface
  interface Step {
    void with(Lake lake) throws IOException;
  }

  private final Opener opener;
  private final Fatal fatal;
  private @Nullable Thread trying;
  private @Nullable Lake lake;
  private @Nullable Exception failure;
  private boolean begun;
  private boolean closed;
  private boolean lakeClosed;
  private volatile @Nullable String why = "the catalog is not open yet";

  /**
   * @param fatal told when going on without the catalog would do harm
   */
  WriterCatalog(Opener opener, Fatal fatal) {
    this.opener = opener;
    this.fatal = fatal;
  }

  /**
   * Opens it now.
   *
   * @param learn reads from it what must be known
   * @param begin called once that is known
   * @throws IOException it is not there, or not the one that it should be
   */
  void open(Step learn, Step begin) throws IOException {
    attempt(learn, begin);
  }

  /**
   * Opens it as soon as it can be; waits a while, since most often that is at once.
   *
   * @param learn reads from it what must be known; tried again if it fails
   * @param begin called once that is known, by a thread of its own; not after {@link #close}
   * @throws IOException it is there within that while, and not the one that it should be
   */
  void open(Duration patience, Step learn, Step begin) throws IOException {
    Thread thread = new Thread(() -> keepTrying(learn, begin), "catalog");
    thread.setDaemon(true);
    synchronized (this) {
      trying = thread;
    }
    thread.start();
    long end = System.nanoTime() + patience.toNanos();
    synchronized (this) {
      long left = patience.toMillis();
      while (!begun && failure == null && left > 0) {
        try {
          wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
        left = (end - System.nanoTime()) / 1_000_000;
      }
      if (failure instanceof IOException wrong && !(wrong instanceof LakeUnavailableException)) {
        throw wrong;
      }
    }
  }

  /** Why it is not known what the tables hold, in a sentence; null once it is. */
  @Nullable String why() {
    return why;
  }

  /** The open one. Asked by who began after it was opened. */
  synchronized Lake lake() {
    if (lake == null) {
      throw new IllegalStateException("cannot use the catalog: it is not open");
    }
    return lake;
  }

  /** Null as long as it is not open. */
  synchronized @Nullable Lake known() {
    return lake;
  }

  private void attempt(Step learn, Step begin) throws IOException {
    Lake open = known();
    if (open == null) {
      open = opener.open();
      keep(open);
    }
    learn.with(open);
    synchronized (this) {
      if (!closed) {
        begin.with(open);
        why = null;
        begun = true;
        notifyAll();
      }
    }
  }

  private synchronized void keep(Lake opened) {
    if (lakeClosed) {
      opened.close();
      throw new IllegalStateException("cannot use the catalog: the Writer has stopped");
    }
    lake = opened;
  }

  private void keepTrying(Step learn, Step begin) {
    long pause = FIRST_PAUSE_MILLIS;
    while (!isOver()) {
      try {
        attempt(learn, begin);
        if (hasFailed()) {
          LOG.info("the catalog is there: the log is replayed, and reads are served");
        }
      } catch (LogEndLostException e) {
        failed(e);
        fatal.died("the log", e);
        return;
      } catch (IOException | RuntimeException e) {
        failed(e);
        pause(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      } catch (Error e) {
        fatal.died("the catalog", e);
        return;
      }
    }
  }

  /** Said once a change: it is tried again for as long as it takes. */
  private synchronized void failed(Exception e) {
    failure = e;
    String reason = sentence(e);
    if (!closed && !reason.equals(why)) {
      LOG.warn("{} (puts are taken into the log, reads are refused; it is tried again)", reason, e);
    }
    why = reason;
    notifyAll();
  }

  private static String sentence(Exception e) {
    String said = withDeepestReason(e).replaceFirst("^cannot start: ", "");
    boolean catalog = e instanceof LakeUnavailableException && !said.contains(" warehouse: ");
    return catalog ? "the catalog is away: " + said : said;
  }

  /** Iceberg says that it failed; only the database or the file system says why. */
  static String withDeepestReason(Exception e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String said = e.getMessage() == null ? e.toString() : e.getMessage();
    String cause = String.valueOf(deepest.getMessage());
    return Secrets.mask("", said.contains(cause) ? said : said + ": " + cause);
  }

  private synchronized boolean hasFailed() {
    return failure != null;
  }

  private synchronized boolean isOver() {
    return begun || closed;
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // by close(), which is seen at once
    }
  }

  /** Begins nothing any more; what was opened stays open until {@link #closeLake}. */
  @Override
  public void close() throws InterruptedException {
    Thread thread;
    synchronized (this) {
      closed = true;
      thread = trying;
    }
    if (thread != null) {
      thread.interrupt();
      thread.join(CLOSE_MILLIS);
    }
  }

  void closeLake() {
    Lake open;
    synchronized (this) {
      lakeClosed = true;
      open = lake;
    }
    if (open != null) {
      open.close();
    }
  }
}
