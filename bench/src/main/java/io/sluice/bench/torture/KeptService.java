package io.sluice.bench.torture;

import io.sluice.bench.harness.Deadline;
import io.sluice.bench.harness.PortTakenException;
import io.sluice.bench.harness.ServiceProcess;
import io.sluice.bench.torture.FaultKind.Ends;
import io.sluice.schema.service.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A service that is started again whenever it ends, as an operator's supervisor does. That it ends
 * is a finding, unless it was made to, or a fault was on that may end it. One thread keeps it, any
 * other may hurt it; the process is used under this object's lock.
 */
final class KeptService implements AutoCloseable {

  private static final long POLL_MILLIS = 50;
  private static final long PAUSE_MILLIS = 500;
  private static final Duration DRAIN = Duration.ofSeconds(90);
  private static final int EXIT_OF_SIGTERM = 143;

  private final ServiceProcess process;
  private final FaultLog log;
  private final Thread keeper;

  /** Nobody starts it while this is above 0. */
  private int held; // guarded by this

  private long startedNanos = System.nanoTime(); // guarded by this
  private boolean wasReady = true; // guarded by this

  /** It was made to end: nothing is to be judged. */
  private boolean expected; // guarded by this

  private boolean closed; // guarded by this
  private int starts; // guarded by this
  private int portsTaken; // guarded by this

  /**
   * @param process runs and is ready
   */
  KeptService(ServiceProcess process, FaultLog log) {
    this.process = process;
    this.log = log;
    this.keeper = new Thread(this::keep, "keep-" + process.name());
    keeper.setDaemon(true);
    keeper.start();
  }

  /** SIGKILL; away for a while. */
  void kill(Fault.Lasting away) throws IOException, InterruptedException {
    hold();
    try {
      end();
      away.pass();
    } finally {
      letGo();
    }
  }

  /** SIGKILL, and all that it has in the directory is lost; away for a while. */
  void wipe(Path directory, Fault.Lasting away) throws IOException, InterruptedException {
    hold();
    try {
      end();
      List<Path> lost;
      try (Stream<Path> all = Files.walk(directory)) {
        lost = all.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : lost) {
        Files.delete(path);
      }
      Files.createDirectory(directory);
      away.pass();
    } finally {
      letGo();
    }
  }

  /** SIGKILL, and another one so long after it was started again. */
  void killStarting(Duration after) throws IOException, InterruptedException {
    hold();
    try {
      end();
      start();
      Thread.sleep(after.toMillis());
      end();
    } finally {
      letGo();
    }
  }

  /** SIGSTOP, and SIGCONT after a while. */
  void pause(Fault.Lasting lasting) throws IOException, InterruptedException {
    hold();
    try {
      signal("STOP");
      lasting.pass();
    } finally {
      signal("CONT");
      letGo();
    }
  }

  /** SIGTERM; it must end with exit code 0 in its time. */
  void terminate(Fault.Lasting away) throws IOException, InterruptedException {
    hold();
    try {
      signal("TERM");
      judgeDrain();
      away.pass();
    } finally {
      letGo();
    }
  }

  private void judgeDrain() throws IOException, InterruptedException {
    Deadline deadline = Deadline.in(DRAIN, Duration.ZERO);
    long began = System.nanoTime();
    while (isAlive()) {
      if (deadline.hasPassed()) {
        end();
        log.found(
            "%s did not end in %s after SIGTERM; meanwhile: %s"
                .formatted(process.name(), DRAIN, log.between(began, System.nanoTime())));
        return;
      }
      Thread.sleep(POLL_MILLIS);
    }
    synchronized (this) {
      int code = process.exitCode();
      boolean young = !wasReady && code == EXIT_OF_SIGTERM; // the JVM was not up yet
      if (code != Launch.OK && !young && excuse(code) == null) {
        log.found(
            "%s ended with exit code %d after SIGTERM%n%s"
                .formatted(process.name(), code, process.tail()));
      }
    }
  }

  private void keep() {
    try {
      while (look()) {
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      log.found("cannot keep " + process.name() + ": " + e);
    }
  }

  private boolean look() throws IOException, InterruptedException {
    synchronized (this) {
      if (closed || held > 0) {
        return !closed;
      }
      if (process.isAlive()) {
        wasReady = wasReady || process.isReadyNow();
        return true;
      }
      if (!expected) {
        judgeEnd();
      }
      expected = false;
    }
    Thread.sleep(PAUSE_MILLIS);
    synchronized (this) {
      if (!closed && held == 0 && !process.isAlive()) {
        start();
      }
    }
    return true;
  }

  private void judgeEnd() {
    int code;
    try {
      process.requireRunning();
      return;
    } catch (PortTakenException e) {
      portsTaken++;
      return;
    } catch (IOException e) {
      code = process.exitCode();
      String excuse = excuse(code);
      if (excuse == null) {
        log.found(String.valueOf(e.getMessage()));
      } else {
        log.say("%s ended with exit code %d (%s)".formatted(process.name(), code, excuse));
      }
    }
  }

  /** A fault that was on in its life, and may have ended it so; null = none. */
  private @Nullable String excuse(int code) {
    Set<FaultKind> on = log.between(startedNanos, System.nanoTime());
    for (FaultKind kind : on) {
      boolean start = kind.ends() == Ends.START && !wasReady && code == Launch.REFUSED_TO_START;
      boolean life =
          kind.ends() == Ends.LIFE && (code == Launch.FAILED || code == Launch.REFUSED_TO_START);
      if (start || life) {
        return kind.toString();
      }
    }
    return null;
  }

  private synchronized void start() throws IOException {
    startedNanos = System.nanoTime();
    wasReady = false;
    expected = false;
    starts++;
    process.start();
  }

  private synchronized void end() throws IOException, InterruptedException {
    expected = true;
    process.end();
  }

  private synchronized void signal(String signal) throws IOException, InterruptedException {
    expected = signal.equals("TERM");
    process.signal(signal);
  }

  private synchronized boolean isAlive() {
    return process.isAlive();
  }

  private synchronized void hold() {
    held++;
  }

  private synchronized void letGo() {
    held--;
  }

  /** Whether it is ready within that time. */
  boolean awaitReady(Duration limit) throws InterruptedException {
    Deadline deadline = Deadline.in(limit, Duration.ZERO);
    while (!isReady()) {
      if (deadline.hasPassed()) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  private synchronized boolean isReady() throws InterruptedException {
    return process.isAlive() && process.isReadyNow();
  }

  synchronized String tail() {
    return process.tail();
  }

  @Override
  public synchronized String toString() {
    return "%s: started again %d times%s"
        .formatted(
            process.name(),
            starts,
            portsTaken == 0 ? "" : ", %d times its port was taken".formatted(portsTaken));
  }

  /** Nobody starts it any more; the process goes on if it runs. */
  @Override
  public void close() throws InterruptedException {
    synchronized (this) {
      closed = true;
    }
    keeper.join();
  }
}
