package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each row once, wherever a read breaks, or it is said what was left out. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FollowTest {

  private final BufferAllocator allocator = new RootAllocator();
  private final Told told = new Told();
  private FakeFollowed writer;
  private Writers writers;

  /** What a follower is told, in order. */
  private static final class Told implements Follower {
    private final BlockingQueue<String> all = new LinkedBlockingQueue<>();

    @Override
    public void rows(VectorSchemaRoot rows, int first) {
      VarCharVector names = (VarCharVector) rows.getVector("name");
      for (int i = first; i < rows.getRowCount(); i++) {
        all.add(new String(names.get(i), StandardCharsets.UTF_8));
      }
    }

    @Override
    public void lost(int log, ReadException why) {
      all.add("lost");
    }

    @Override
    public void back(int log) {
      all.add("back");
    }

    @Override
    public void leftOut(int log, String what) {
      all.add("left out: " + what);
    }

    @Override
    public void failed(ReadException why) {
      all.add("failed: " + why.getMessage());
    }

    List<String> next(int count) throws InterruptedException {
      List<String> next = new ArrayList<>();
      while (next.size() < count) {
        String one = all.poll(30, TimeUnit.SECONDS);
        if (one == null) {
          throw new AssertionError("no more came than " + next);
        }
        next.add(one);
      }
      return next;
    }
  }

  @BeforeEach
  void open() throws Exception {
    writer = new FakeFollowed(allocator);
    writers = Writers.at(List.of(writer.address()), allocator);
  }

  @AfterEach
  void close() {
    writers.close();
    writer.close();
    allocator.close();
  }

  @Test
  void readThatBreaksWithinAPositionGoesOnBehindTheRowsThatCame() throws Exception {
    writer.add(1, "a", "b");
    writer.add(2, "c", "d", "e");
    writer.add(3, "f");
    writer.breaksAfter(4);
    try (Follow follow = follow(Map.of(writer.log, 0L))) {
      assertThat(told.next(8)).containsExactly("a", "b", "c", "d", "lost", "back", "e", "f");
      writer.add(4, "g");
      assertThat(told.next(1)).containsExactly("g");
      assertThat(follow).isNotNull();
    }
    assertThat(writer.tickets)
        .extracting(ticket -> ticket.after().get(writer.log))
        .containsExactly(0L, 1L);
  }

  @Test
  void secondBreakBeforeTheFirstOnesRowsCameAgainShowsNothingTwice() throws Exception {
    writer.add(1, "a", "b", "c");
    writer.add(2, "d");
    writer.breaksAfter(2, 1);
    try (Follow follow = follow(Map.of(writer.log, 0L))) {
      assertThat(told.next(8)).containsExactly("a", "b", "lost", "back", "lost", "back", "c", "d");
      assertThat(follow).isNotNull();
    }
  }

  @Test
  void earlierWriterThatSaysNoPositionsIsCounted() throws Exception {
    writer.saysNoPositions();
    writer.add(1, "a", "b");
    writer.add(2, "c");
    writer.breaksAfter(2);
    try (Follow follow = follow(Map.of(writer.log, 0L))) {
      assertThat(told.next(5)).containsExactly("a", "b", "lost", "back", "c");
      assertThat(follow).isNotNull();
    }
  }

  @Test
  void whatIsPersistedWhileNobodyReadsIsSaidToBeLeftOut() throws Exception {
    writer.add(1, "a");
    writer.add(2, "b");
    writer.letGo(1);
    try (Follow follow = follow(Map.of(writer.log, 0L))) {
      List<String> came = told.next(2);
      assertThat(came.get(0)).startsWith("left out: rows of traces were persisted before");
      assertThat(came.get(0)).contains("positions 1 to 1 of log 0");
      assertThat(follow).isNotNull();
    }
    assertThat(told.all).doesNotContain("a");
  }

  @Test
  void withoutPositionsItBeginsWithWhatComesFromNowOn() throws Exception {
    writer.add(9, "before");
    writer.add(10, "after");
    try (Follow follow = follow(Map.of())) {
      assertThat(told.next(1)).containsExactly("after");
      assertThat(follow).isNotNull();
    }
    assertThat(writer.tickets.get(0).follow()).isTrue();
  }

  @Test
  void refusalThatAskingAgainDoesNotMendEndsIt() throws Exception {
    writer.refuses(CallStatus.UNAUTHENTICATED.withDescription("no token").toRuntimeException());
    try (Follow follow = follow(Map.of())) {
      assertThat(told.next(1).get(0)).startsWith("failed: cannot read").contains("no token");
      assertThat(follow).isNotNull();
    }
  }

  @Test
  void writerThatRefusesForAWhileIsSaidOnce() throws Exception {
    writer.refuses(FakeWriter.refusal("leader"));
    writer.add(10, "a");
    try (Follow follow = follow(Map.of())) {
      assertThat(told.next(1)).containsExactly("lost");
      writer.refuses(null);
      assertThat(told.next(2)).containsExactly("back", "a");
      assertThat(follow).isNotNull();
    }
  }

  @Test
  void nobodyThereAtTheStartIsAnError() {
    HostPort nobody = writer.address();
    writer.close();
    assertThatThrownBy(() -> follow(Map.of()))
        .isInstanceOf(ReadException.class)
        .hasMessageContaining("Writer " + nobody + " cannot be reached");
  }

  private Follow follow(Map<UUID, Long> after) throws Exception {
    return Follow.start(writers, "default", Table.TRACES, List.of("name"), after, told);
  }
}
