package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A replay's segments are read before it comes to them, and nothing else is. */
final class ReadAheadTest {
  private final CrashingStorage disk = new CrashingStorage(new SimulatedDisk());
  private final WatchedStorage ahead = new WatchedStorage(disk);
  private final List<Segment> segments;
  private final ReadAheadCursor cursor;
  private long records;

  ReadAheadTest() throws IOException {
    try (ScriptedLog log = new ScriptedLog(LogProcess.CONFIG, disk, 3)) {
      while (!disk.list().contains(SegmentName.live(5))) {
        log.group(Records.of(++records, 1_900)).mark();
      }
      log.finish();
    }
    segments = LogRecovery.run(LogProcess.environment(disk, new Random(1))).found();
    SegmentList list = new SegmentList(segments);
    LogCursor replay =
        new SegmentCursor(
            disk, list, list.pin(1), SegmentReader.Wanted.from(1), () -> {}, new LostPositions());
    cursor = (ReadAheadCursor) ReadAheadCursor.over(replay, ahead, segments, 0);
  }

  private void readUpTo(long position) throws IOException {
    long at = 0;
    while (at < position) {
      at = cursor.next().position();
    }
  }

  @Test
  void theRecordsAreTheSame() throws Exception {
    List<Long> ids = new ArrayList<>();
    try (cursor) {
      for (LogRecord record = cursor.next(); record != null; record = cursor.next()) {
        ids.add(Records.checkedId(record));
      }
    }
    assertThat(ids).isEqualTo(LongStream.rangeClosed(1, records).boxed().toList());
  }

  @Test
  void itIsOneSegmentAheadAndNoMore() throws Exception {
    try (cursor) {
      assertThat(cursor.awaitIdle()).isEqualTo(1);
      readUpTo(segments.get(0).lastPosition());
      assertThat(cursor.awaitIdle()).isEqualTo(1);
      readUpTo(segments.get(1).header().firstPosition());
      assertThat(cursor.awaitIdle()).isEqualTo(2);
      readUpTo(records);
      assertThat(cursor.awaitIdle()).isEqualTo(segments.size() - 1);
    }
  }

  @Test
  void nothingBehindTheEndOfASegmentIsRead() throws Exception {
    try (cursor) {
      readUpTo(records);
      cursor.awaitIdle();
      assertThat(ahead.readTo).hasSize(segments.size());
      for (Segment segment : segments) {
        assertThat(ahead.readTo).containsEntry(segment.header().fileName(), segment.end());
      }
    }
  }

  @Test
  void whenItIsClosedInTheMiddleNothingIsOpenAndNothingIsRead() throws Exception {
    cursor.next();
    cursor.close();
    assertThat(ahead.open).hasValue(0);
    assertThat(ahead.readTo.size()).isLessThanOrEqualTo(2);
    assertThat(cursor.isReading()).isFalse();
  }

  @Test
  void whatCannotBeReadIsToldByTheReplayWhenItComesThere() throws Exception {
    String third = segments.get(2).header().fileName();
    disk.failWhen(call -> call.equals("read " + third));
    try (cursor) {
      readUpTo(segments.get(1).lastPosition());
      cursor.awaitIdle();
      assertThatThrownBy(cursor::next).isInstanceOf(IOException.class).hasMessageContaining(third);
    }
    assertThat(ahead.open).hasValue(0);
  }

  @Test
  void aShortReplayHasNone() throws Exception {
    try (cursor) {
      long all = segments.stream().mapToLong(Segment::end).sum();
      assertThat(ReadAheadCursor.over(cursor, ahead, segments, all + 1)).isSameAs(cursor);
      assertThat(ReadAheadCursor.over(cursor, ahead, List.of(), 0)).isSameAs(cursor);
    }
  }

  @Test
  void whatIsBeingWrittenIsNotReadAhead() {
    Segment written = Segment.begun(segments.get(0).header());
    SegmentList list = new SegmentList(List.of(segments.get(0), written));
    assertThat(list.closedFrom(1)).containsExactly(segments.get(0));
    assertThat(list.closedFrom(segments.get(0).lastPosition() + 1)).isEmpty();
  }
}
