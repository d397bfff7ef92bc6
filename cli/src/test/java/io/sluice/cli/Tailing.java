package io.sluice.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** {@code sluice tail} as a process, and what it prints. */
final class Tailing implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Process process;
  private final List<Thread> readers = new ArrayList<>();
  private final AtomicReference<IOException> failure = new AtomicReference<>();
  final List<String> out = new CopyOnWriteArrayList<>();
  final List<String> errors = new CopyOnWriteArrayList<>();

  private Tailing(List<String> words) throws IOException {
    process = new ProcessBuilder(words).start();
    reader(process.inputReader(StandardCharsets.UTF_8), out);
    reader(process.errorReader(StandardCharsets.UTF_8), errors);
  }

  static Tailing start(OneBox box, String... arguments) throws Exception {
    List<String> words = new ArrayList<>(box.settings());
    words.addAll(List.of(arguments));
    return new Tailing(SluiceProcess.words("tail", words));
  }

  /** Has it follow by the time it returns: logs of this body were sent until one was shown. */
  Tailing following(OtlpJson otlp, String body) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (out.stream().noneMatch(line -> line.contains(body))) {
      require(System.nanoTime() < end, body);
      otlp.log("probe", 9, body, "");
      LockSupport.parkNanos(50_000_000);
    }
    return this;
  }

  private void reader(BufferedReader from, List<String> to) {
    Thread thread =
        new Thread(
            () -> {
              try {
                for (String line = from.readLine(); line != null; line = from.readLine()) {
                  to.add(line);
                }
              } catch (IOException e) {
                failure.set(e);
              }
            });
    thread.start();
    readers.add(thread);
  }

  /** Waits for a line on standard output. */
  String await(Predicate<String> line) {
    return await(out, line);
  }

  /** Waits for a line of a list that grows. */
  String await(List<String> lines, Predicate<String> wanted) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      for (String line : lines) {
        if (wanted.test(line)) {
          return line;
        }
      }
      require(System.nanoTime() < end && failure.get() == null, "a line");
      LockSupport.parkNanos(5_000_000);
    }
  }

  private void require(boolean still, String what) {
    if (!still) {
      throw new AssertionError("no " + what + " in " + out + " with " + errors, failure.get());
    }
  }

  /**
   * As by Ctrl-C, whose own signal a JVM leaves ignored that was started in a shell's background;
   * its exit code, once all that it printed is read.
   */
  int stopped() throws Exception {
    RunningUp.signal("TERM", process.pid());
    return ended();
  }

  int ended() throws Exception {
    if (!process.waitFor(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
      throw new AssertionError("it does not end: " + out + " with " + errors);
    }
    for (Thread reader : readers) {
      reader.join();
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
