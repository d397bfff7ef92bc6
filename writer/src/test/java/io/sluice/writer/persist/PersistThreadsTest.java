package io.sluice.writer.persist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.writer.HotSpans;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two logs of one Writer: a table's commits are serial, whichever log its rows are of. */
@Timeout(60)
class PersistThreadsTest {

  private static final TableKey TRACES = new TableKey("default", Table.TRACES);
  private static final TableKey LOGS = new TableKey("default", Table.LOGS);
  private static final Duration WAIT = Duration.ofSeconds(30);

  /** Longer than a pace. */
  private static final Duration SHORTLY = Duration.ofSeconds(1);

  private static final Parking.Lot NO_LOT =
      new Parking.Lot() {
        @Override
        public void park(ChunkSet set) throws IOException {
          throw new IOException("nothing is parked here");
        }

        @Override
        public void committed(TableKey table, long from, long to) {}
      };

  private final BufferAllocator allocator = new RootAllocator();
  private final Ledger ledger = new Ledger(new Telemetry("test"));
  private final HotMemory memory = new HotMemory(Long.MAX_VALUE, ledger);
  private final Holds holds = new Holds(System::nanoTime, new Telemetry("test"));
  private final PersistThreads threads = new PersistThreads(2, System::nanoTime, holds);
  private final ChunkBuffer first = buffer();
  private final ChunkBuffer second = buffer();
  private final AtomicInteger releases = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch held = new CountDownLatch(1);
  private final Persister ofFirst = persister(first, this::hold);
  private final Persister ofSecond = persister(second, set -> {});

  private static ChunkBuffer buffer() {
    return new ChunkBuffer(key -> 0L, SealPolicy.DEFAULT, HotSpans.NO_LOG, System::nanoTime);
  }

  private Persister persister(ChunkBuffer buffer, Persister.SetWriter writer) {
    Persister persister =
        new Persister(
            buffer,
            writer,
            releases::incrementAndGet,
            new Parking(NO_LOT, ledger, WAIT, Long.MAX_VALUE, () -> false),
            ledger,
            (part, e) -> {},
            Duration.ZERO,
            memory,
            threads,
            System::nanoTime);
    persister.start();
    return persister;
  }

  private void hold(ChunkSet set) throws InterruptedException {
    begun.countDown();
    held.await();
  }

  @AfterEach
  void close() {
    held.countDown();
    assertThat(ofFirst.stop(WAIT)).isTrue();
    assertThat(ofSecond.stop(WAIT)).isTrue();
    threads.close();
    first.close();
    second.close();
    allocator.close();
  }

  @Test
  void anotherLogsRowsOfATableWaitForTheCommitThatIsUnderWay() throws Exception {
    HotSpans.add(allocator, first, TRACES, 1, 4);
    first.seal(first.table(TRACES));
    ofFirst.signal();
    begun.await();
    HotSpans.add(allocator, second, TRACES, 1, 4);
    second.seal(second.table(TRACES));
    HotSpans.add(allocator, second, LOGS, 2, 4);
    assertThat(ofSecond.flush(second.table(LOGS), WAIT)).as("another table's go on").isEqualTo(2);
    HotSpans.add(allocator, second, LOGS, 3, 4);
    assertThat(ofSecond.flush(second.table(LOGS), WAIT)).isEqualTo(3);
    assertThat(second.table(TRACES).mark()).isZero();
    held.countDown();
    assertThat(ofSecond.flush(second.table(TRACES), WAIT)).isPositive();
  }

  @Test
  void whileTheWriterIsHeldRowsWaitAndTheLogIsNotReleased() throws Exception {
    holds.begin(
        new Holds.Limits() {
          @Override
          public String against() {
            return null;
          }

          @Override
          public String pressing() {
            return null;
          }
        });
    HotSpans.add(allocator, first, TRACES, 1, 4);
    first.seal(first.table(TRACES));
    ofFirst.signal();
    begun.await();
    assertThat(holds.take("a", WAIT).state()).isEqualTo(Holds.State.WAITING);
    held.countDown();
    while (holds.renew("a").state() == Holds.State.WAITING) {
      Thread.onSpinWait();
    }
    int released = releases.get();
    assertThat(first.table(TRACES).mark()).as("what was under way is done").isEqualTo(1);
    HotSpans.add(allocator, second, LOGS, 2, 4);
    assertThatThrownBy(() -> ofSecond.flush(second.table(LOGS), SHORTLY))
        .isInstanceOf(FlushFailedException.class)
        .hasMessageContaining("the Writer is held for a copy");
    assertThat(second.table(LOGS).mark()).isZero();
    assertThat(second.table(LOGS).hotRows()).as("they are read").isEqualTo(4);
    assertThat(releases.get()).isEqualTo(released);
    assertThat(holds.end("a").state()).isEqualTo(Holds.State.KEPT);
    assertThat(ofSecond.flush(second.table(LOGS), WAIT)).isEqualTo(2);
    while (releases.get() == released) {
      ofSecond.signal();
    }
  }

  @Test
  void logThatStopsWaitsForItsOwnCommitsOnly() throws Exception {
    HotSpans.add(allocator, first, TRACES, 1, 4);
    first.seal(first.table(TRACES));
    ofFirst.signal();
    begun.await();
    HotSpans.add(allocator, second, TRACES, 1, 4);
    second.seal(second.table(TRACES));
    ofSecond.signal();
    assertThat(ofSecond.stop(WAIT)).isTrue();
    assertThat(second.table(TRACES).mark()).as("it stays in its log").isZero();
    assertThat(ofFirst.stop(Duration.ofMillis(10))).as("its commit is under way").isFalse();
  }
}
