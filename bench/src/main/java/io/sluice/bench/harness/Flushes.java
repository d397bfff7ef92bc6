package io.sluice.bench.harness;

import io.sluice.query.ReadException;
import io.sluice.query.Writers;
import io.sluice.schema.service.HostPort;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Has the Writer persist what it has, again and again at random moments, on a thread of its own: so
 * that faults and reads also meet commits. A Writer that is away is asked again.
 */
final class Flushes implements AutoCloseable {

  private static final long LONGEST_PAUSE_MILLIS = 1_500;

  private final HostPort writer;
  private final RandomGenerator random;
  private final Thread thread;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private volatile @Nullable String lastFailure;

  Flushes(HostPort writer, RandomGenerator random) {
    this.writer = writer;
    this.random = random;
    this.thread = new Thread(this::run, "flushes");
    thread.setDaemon(true);
    thread.start();
  }

  /** How many succeeded. */
  int done() {
    return done.get();
  }

  /** How many there were, and why others failed: a Writer that was away is a reason. */
  @Override
  public String toString() {
    String failure = lastFailure;
    return done
        + " flushes"
        + (failure == null ? "" : ", " + failed + " failed, at last: " + failure);
  }

  private void run() {
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(List.of(writer), allocator)) {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(random.nextLong(LONGEST_PAUSE_MILLIS));
        flush(writers);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void flush(Writers writers) {
    try {
      writers.flush(writer);
      done.incrementAndGet();
    } catch (ReadException e) {
      failed.incrementAndGet(); // as when the Writer is killed, or starts: it is asked again
      lastFailure = e.getMessage();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
