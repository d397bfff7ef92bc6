package io.sluice.writer.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.writer.HotSpans;
import io.sluice.writer.ManualClock;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader gets all of its rows, or an error that says why not: never a short stream. */
@Timeout(60)
class HotStreamTest {

  private static final TableKey TRACES = new TableKey("default", Table.TRACES);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int MANY = 20_000;

  private final BufferAllocator allocator = new RootAllocator();
  private final ManualClock clock = new ManualClock();
  private final ChunkBuffer buffer =
      new ChunkBuffer(key -> 0L, SealPolicy.DEFAULT, HotSpans.NO_LOG, clock);
  private final LongAdder cut = new LongAdder();
  private long window = 4 << 20;

  @AfterEach
  void nothingIsPinned() {
    buffer.close();
    assertThat(buffer.bytes()).isZero();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void readerThatTakesAllGetsAll() throws Exception {
    HotSpans.add(allocator, buffer, TRACES, 1, MANY);
    SlowListener listener = new SlowListener(() -> true);
    run(listener, buffer.read(TRACES, 0));
    assertThat(listener.rows).isEqualTo(MANY);
    assertThat(listener.windows).isGreaterThan(1);
    assertThat(listener.completed).isTrue();
    assertThat(cut.sum()).isZero();
  }

  @Test
  void windowsAreAsSmallAsTheyAreToBe() throws Exception {
    HotSpans.add(allocator, buffer, TRACES, 1, MANY);
    SlowListener large = new SlowListener(() -> true);
    run(large, buffer.read(TRACES, 0));
    window = 256 << 10;
    SlowListener small = new SlowListener(() -> true);
    run(small, buffer.read(TRACES, 0));
    assertThat(small.rows).isEqualTo(MANY);
    assertThat(small.windows).isGreaterThan(8 * large.windows);
  }

  @Test
  void followerIsToldWithEachWindowHowFarItHasCome() throws Exception {
    HotSpans.add(allocator, buffer, TRACES, 3, 10);
    HotSpans.add(allocator, buffer, TRACES, 5, MANY);
    SlowListener listener = new SlowListener(() -> true);
    Context.CancellableContext reader = Context.current().withCancellation();
    listener.onPut =
        () -> {
          if (listener.rows == MANY + 10) {
            reader.cancel(null);
          }
        };
    reader.run(() -> follow(listener));
    int last = listener.beside.size() - 1;
    assertThat(last).isPositive();
    assertThat(listener.beside.get(last)).isEqualTo("{\"position\":5,\"rows\":0}");
    for (int i = 0; i < last; i++) {
      assertThat(listener.beside.get(i))
          .isEqualTo("{\"position\":4,\"rows\":%d}".formatted(listener.rowsAt.get(i) - 10));
    }
  }

  private void follow(SlowListener listener) {
    ReadTicket ticket = new ReadTicket("default", Table.TRACES, Map.of(), null, null, null, true);
    try {
      run(listener, buffer.read(TRACES, 0), new ReadLimits(PATIENCE, clock, cut), ticket);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void readerThatTakesNothingIsCutAfterItsPatience() throws Exception {
    HotSpans.add(allocator, buffer, TRACES, 1, MANY);
    SlowListener listener = new SlowListener(() -> tick(Duration.ofSeconds(10), false));
    assertCut(listener, "nothing was taken for PT5M");
    assertThat(listener.windows).isZero();
  }

  /** Some hundred of them, looked at each 200 us, took two processors. */
  @Test
  void readerThatLetsWaitIsLookedAtSeldom() throws Exception {
    HotSpans.add(allocator, buffer, TRACES, 1, 10);
    int[] asked = {0};
    SlowListener listener = new SlowListener(() -> ++asked[0] < 0);
    HotRead read = buffer.read(TRACES, 0);
    ReadLimits limits = new ReadLimits(Duration.ofSeconds(1), System::nanoTime, cut);
    assertThatThrownBy(() -> run(listener, read, limits)).hasMessageContaining("nothing was taken");
    assertThat(asked[0]).isLessThan(300);
  }

  /** Else as many as one likes could end, each with a window that waits. */
  @Test
  void readDoesNotEndBeforeItsLastWindowIsTaken() throws Exception {
    HotSpans.add(allocator, buffer, TRACES, 1, 10);
    int[] asked = {0};
    SlowListener listener =
        new SlowListener(() -> tick(Duration.ofSeconds(10), asked[0]++ == 0 || asked[0] > 20));
    run(listener, buffer.read(TRACES, 0));
    assertThat(listener.completed).isTrue();
    assertThat(asked[0]).isGreaterThan(20);
  }

  @Test
  void readerThatNeverTakesTheLastWindowIsCutAfterItsPatience() throws Exception {
    HotSpans.add(allocator, buffer, TRACES, 1, 10);
    int[] asked = {0};
    SlowListener listener = new SlowListener(() -> tick(Duration.ofSeconds(10), asked[0]++ == 0));
    HotRead read = buffer.read(TRACES, 0);
    assertThatThrownBy(() -> run(listener, read))
        .hasMessageContaining("the last rows were not taken for PT5M");
    assertThat(listener.rows).isEqualTo(10);
    assertThat(listener.completed).isFalse();
    assertThat(cut.sum()).isEqualTo(1);
  }

  @Test
  void readerThatTakesAWindowNowAndThenIsCutForItsRate() throws Exception {
    HotSpans.add(allocator, buffer, TRACES, 1, MANY);
    int[] asked = {0};
    SlowListener listener =
        new SlowListener(() -> tick(Duration.ofSeconds(10), ++asked[0] % 29 == 0));
    assertCut(listener, "bytes were taken in");
    assertThat(listener.windows).isPositive();
  }

  @Test
  void readerIsNotCutForTheTimeThatTheWriterTakes() throws Exception {
    HotSpans.add(allocator, buffer, TRACES, 1, MANY);
    int[] asked = {0};
    SlowListener listener =
        new SlowListener(() -> tick(Duration.ofSeconds(1), ++asked[0] % 2 == 0));
    listener.onPut = () -> clock.advance(Duration.ofMinutes(10));
    run(listener, buffer.read(TRACES, 0));
    assertThat(listener.rows).isEqualTo(MANY);
    assertThat(listener.windows).isGreaterThan(1);
    assertThat(cut.sum()).isZero();
  }

  @Test
  void readerThatPinsFreedRowsIsCutWhenMemoryIsShort() throws Exception {
    HotSpans.add(allocator, buffer, TRACES, 1, MANY);
    HotSpans.add(allocator, buffer, TRACES, 2, MANY);
    TableBuffer table = buffer.table(TRACES);
    int[] asked = {0};
    SlowListener listener =
        new SlowListener(
            () -> {
              if (asked[0]++ == 1) { // after its first window
                buffer.seal(table);
                table.persisted(table.beginPersist().orElseThrow(), 0);
                buffer.release(0);
                assertThat(buffer.cutOldestRead()).isTrue();
              }
              return true;
            });
    assertCut(listener, "memory runs short");
    assertThat(listener.windows).isEqualTo(1);
    assertThat(buffer.bytes()).as("let go at once").isZero();
  }

  private void assertCut(SlowListener listener, String reason) throws Exception {
    HotRead read = buffer.read(TRACES, 0);
    assertThatThrownBy(() -> run(listener, read))
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            e -> assertThat(e.status().metadata().get("sluice-reason")).isEqualTo("slow-reader"))
        .hasMessageStartingWith("cannot go on reading default.traces: ")
        .hasMessageContaining(reason);
    assertThat(listener.completed).isFalse();
    assertThat(cut.sum()).isEqualTo(1);
  }

  private boolean tick(Duration time, boolean ready) {
    clock.advance(time);
    return ready;
  }

  private void run(SlowListener listener, HotRead read) throws Exception {
    run(listener, read, new ReadLimits(PATIENCE, clock, cut));
  }

  private void run(SlowListener listener, HotRead read, ReadLimits limits) throws Exception {
    ReadTicket ticket = new ReadTicket("default", Table.TRACES, Map.of(), null, null, null, false);
    run(listener, read, limits, ticket);
  }

  private void run(SlowListener listener, HotRead read, ReadLimits limits, ReadTicket ticket)
      throws Exception {
    try (RowExpander expander = new RowExpander(Table.TRACES, allocator)) {
      PromisedLog log = new PromisedLog(new UUID(1, 2));
      ReadGate gate = new ReadGate(buffer, log, () -> null);
      new HotStream(ticket, 0, buffer, gate, expander, listener, limits, () -> window)
          .run(read, read.to(), expander.root().getSchema());
    }
  }
}
