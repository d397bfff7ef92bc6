package io.sluice.schema.service;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a service ends: SIGTERM or SIGINT, its standard input closed, or a part died. The main thread
 * awaits it, closes what it opened, and calls {@link #finished}; only then does the JVM shut down.
 * Should something else begin that shutdown, a hook holds the process until all is closed, and lets
 * it go with the exit code the service chose.
 */
public final class ShutdownSignal implements Fatal {

  private static final Logger LOG = LoggerFactory.getLogger(ShutdownSignal.class);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Object lock = new Object();

  @GuardedBy("lock")
  private @Nullable String reason;

  @GuardedBy("lock")
  private int exitCode;

  /** Takes this process's signals, and its JVM's shutdown. */
  public static ShutdownSignal install() {
    ShutdownSignal signal = new ShutdownSignal();
    for (ProcessSignal ending : ProcessSignal.values()) {
      ending.handle(caught -> signal.stop("SIG" + caught));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(signal::stopAndHalt, "shutdown"));
    return signal;
  }

  /** Blocks until the service is to end, and says why. */
  public String await() throws InterruptedException {
    requested.await();
    synchronized (lock) {
      return reason == null ? "" : reason;
    }
  }

  /** Whether the service is to end, or is within the time. */
  public boolean isRequested(Duration wait) throws InterruptedException {
    return requested.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends the service with exit code 0. */
  public void stop(String why) {
    request(why, 0);
  }

  @Override
  public void died(String part, Throwable cause) {
    if (cause instanceof DamagedException) { // the part has said what and where
      LOG.error("{} is damaged: the service stops", part);
      request(part + " is damaged", 1);
      return;
    }
    LOG.error("{} died: the service stops", part, cause);
    request(part + " died: " + cause, 1);
  }

  /** 0, or 1 once a part has died. */
  public int exitCode() {
    synchronized (lock) {
      return exitCode;
    }
  }

  /** Everything is closed: the process may end now, with this code. */
  public void finished(int code) {
    synchronized (lock) {
      exitCode = code;
    }
    finished.countDown();
  }

  /** Stops the service when the stream ends, so that a child does not outlive its parent. */
  public void stopWhenClosed(InputStream stream) {
    Thread watcher =
        new Thread(
            () -> {
              try {
                // nobody speaks to a service this way: only the end matters
                stream.transferTo(OutputStream.nullOutputStream());
                stop("standard input was closed");
              } catch (IOException e) {
                stop("standard input failed: " + e);
              }
            },
            "stdin");
    watcher.setDaemon(true);
    watcher.start();
  }

  /**
   * The command with the signals of a terminal ignored: a JVM that is started so leaves them
   * ignored. They reach the whole foreground group, and are then its parent's to handle; the child
   * ends when its standard input does, or by a SIGTERM of its own.
   */
  public static List<String> ignoringTerminal(List<String> command) {
    List<String> shielded =
        new ArrayList<>(List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$@\"", "sh"));
    shielded.addAll(command);
    return shielded;
  }

  private void request(String why, int code) {
    synchronized (lock) {
      reason = reason == null ? why : reason;
      exitCode = Math.max(exitCode, code);
    }
    requested.countDown();
  }

  private void stopAndHalt() {
    stop("asked to stop");
    try {
      finished.await();
    } catch (InterruptedException e) {
      LOG.warn("interrupted while the service closes", e);
    }
    Runtime.getRuntime().halt(exitCode());
  }
}
