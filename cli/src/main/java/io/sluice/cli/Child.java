package io.sluice.cli;

import io.sluice.schema.service.ShutdownSignal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A process of ours. It ignores the signals of a terminal, which are its parent's to handle, and
 * its standard input is a pipe that only this process holds: it ends when we close that, and with
 * us, however we end. A thread of its own reads what it prints.
 */
final class Child {

  /** Ended by SIGTERM before it could handle it. */
  private static final int TERMINATED = 128 + 15;

  private final ChildSpec spec;
  private final Process process;
  private final Thread reader;
  private volatile boolean stopping;
  private boolean wasAlive;

  private Child(ChildSpec spec, Process process, Thread reader) {
    this.spec = spec;
    this.process = process;
    this.reader = reader;
  }

  /**
   * Starts it.
   *
   * @param terminal shows the child's warnings and errors
   * @param died called once, by another thread, if the child ends without having been asked to
   */
  static Child start(ChildSpec spec, PrintStream terminal, Consumer<Child> died)
      throws IOException {
    ChildLog log = ChildLog.open(spec.name(), spec.log(), terminal);
    Process process;
    try {
      process =
          new ProcessBuilder(ShutdownSignal.ignoringTerminal(spec.command()))
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      log.close();
      throw new IOException("cannot start %s: %s".formatted(spec.name(), e.getMessage()), e);
    }
    Thread reader = new Thread(() -> read(process, log), spec.name() + "-log");
    reader.setDaemon(true);
    Child child = new Child(spec, process, reader);
    reader.start();
    Thread watcher = new Thread(() -> child.watch(died), spec.name() + "-watch");
    watcher.setDaemon(true);
    watcher.start();
    return child;
  }

  ChildSpec spec() {
    return spec;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The exit code; 128 and more is a signal. Only once it has ended. */
  int exitCode() {
    return process.exitValue();
  }

  /** As it was told to, or told before it could listen. Only once it has ended. */
  boolean hasEndedWell() {
    return process.exitValue() == 0 || process.exitValue() == TERMINATED;
  }

  /** Asks it to stop, and waits for nothing. */
  void ask() throws IOException {
    if (!stopping) {
      stopping = true;
      wasAlive = process.isAlive();
      process.getOutputStream().close();
    }
  }

  /** Asks it to stop, and kills it when its time is over. Returns whether it stopped well. */
  boolean stop() throws IOException, InterruptedException {
    ask();
    boolean inTime = process.waitFor(spec.patience().toMillis(), TimeUnit.MILLISECONDS);
    if (!inTime) {
      process.toHandle().destroyForcibly();
      process.waitFor();
    }
    reader.join();
    return !wasAlive || (inTime && hasEndedWell());
  }

  private void watch(Consumer<Child> died) {
    try {
      process.waitFor();
      reader.join();
      if (!stopping) {
        died.accept(this);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void read(Process process, ChildLog log) {
    try (log;
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.line(line);
      }
    } catch (IOException e) {
      log.line("cannot read what the process prints: " + e);
    }
  }
}
