package io.sluice.bench.figures;

import io.sluice.query.ReadException;
import io.sluice.query.Writers;
import io.sluice.schema.service.HostPort;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/** Flushes a Writer again and again, a second after each. On a thread of its own. */
final class FlushLoop implements AutoCloseable {

  private static final long PAUSE_MILLIS = 1_000;

  private final HostPort writer;
  private final AtomicInteger done = new AtomicInteger();
  private volatile @Nullable ReadException failure;
  private final Thread thread = new Thread(this::run, "flushes");

  FlushLoop(HostPort writer) {
    this.writer = writer;
    thread.setDaemon(true);
    thread.start();
  }

  /** How many there were. */
  int done() throws ReadException {
    if (failure != null) {
      throw failure;
    }
    return done.get();
  }

  private void run() {
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(List.of(writer), allocator)) {
      while (!Thread.currentThread().isInterrupted()) {
        writers.flush(writer);
        done.incrementAndGet();
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ReadException e) {
      failure = e;
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
