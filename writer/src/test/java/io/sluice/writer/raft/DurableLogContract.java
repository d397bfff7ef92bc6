package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.wal.DurableLog;
import io.sluice.wal.LogCursor;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.wal.LogRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What holds of a log on one disk and of one on three alike; the rest of Sluice relies on it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class DurableLogContract {

  private static final long ROOM = 1L << 30;

  @TempDir private Path directory;

  abstract LogForm open(Path directory, long maxBytes) throws IOException;

  private LogForm open() throws IOException {
    return open(directory, ROOM);
  }

  private static List<String> texts(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> "text " + i).toList();
  }

  private static Sent send(LogForm form, String text) throws Exception {
    Sent sent = new Sent();
    LogRecord record = RaftCluster.record(text, sent);
    if (!form.isReplicated()) {
      sent.of(record);
    }
    form.log().append(record);
    return sent;
  }

  /** All at once; their positions when the last one is applied. */
  private static List<Long> append(LogForm form, List<String> texts) throws Exception {
    List<Sent> sent = new ArrayList<>();
    for (String text : texts) {
      sent.add(send(form, text));
    }
    List<Long> positions = new ArrayList<>();
    for (Sent each : sent) {
      positions.add(each.position());
    }
    Replica replica = form.replica();
    long last = Collections.max(positions);
    replica.await(() -> replica.passedTo() >= last);
    return positions;
  }

  private static String text(LogRecord record) {
    return StandardCharsets.UTF_8.decode(record.payload()).toString();
  }

  private static List<String> rest(LogCursor cursor) throws IOException {
    List<String> texts = new ArrayList<>();
    for (LogRecord record = cursor.next(); record != null; record = cursor.next()) {
      texts.add(text(record));
    }
    return texts;
  }

  private static List<String> read(LogForm form, long from) throws Exception {
    try (LogCursor cursor = form.log().read(from)) {
      return rest(cursor);
    }
  }

  @Test
  void whatIsAppendedIsAppliedInThatOrderAtGrowingPositions() throws Exception {
    try (LogForm form = open()) {
      List<Long> positions = append(form, texts(1, 300));
      assertThat(positions).isSorted().doesNotHaveDuplicates();
      assertThat(form.replica().texts()).isEqualTo(texts(1, 300));
      assertThat(form.replica().positions()).isEqualTo(positions);
      DurableLog log = form.log();
      await(() -> log.appliedPosition() >= positions.get(299));
    }
  }

  @Test
  void whoHasAppliedWhatWasConfirmedHasAllThatWasAppliedBefore() throws Exception {
    try (LogForm form = open()) {
      DurableLog log = form.log();
      Replica replica = form.replica();
      for (int i = 1; i <= 20; i++) {
        long position = append(form, texts(i, i)).get(0);
        long confirmed = log.confirm().get();
        await(() -> log.appliedPosition() >= confirmed);
        assertThat(replica.positions()).contains(position);
        assertThat(confirmed).isLessThanOrEqualTo(replica.passedTo());
      }
    }
  }

  @Test
  void itIsTheSameLogWithTheSameRecordsWhenItIsOpenedAnew() throws Exception {
    try (LogForm form = open()) {
      List<Long> before = append(form, texts(1, 100));
      List<Long> times = form.replica().times();
      var id = form.log().id();
      form.reopen();
      List<Long> after = append(form, texts(101, 120));
      assertThat(form.log().id()).isEqualTo(id);
      assertThat(form.log().recoveredPosition())
          .isGreaterThanOrEqualTo(before.get(99))
          .isLessThan(after.get(0));
      Replica replica = form.replica();
      replica.await(() -> replica.texts().size() == 120);
      assertThat(replica.texts()).isEqualTo(texts(1, 120));
      assertThat(replica.positions().subList(0, 100)).isEqualTo(before);
      assertThat(replica.positions().subList(100, 120)).isEqualTo(after);
      assertThat(replica.times().subList(0, 100)).isEqualTo(times);
      assertThat(replica.times()).isSorted();
    }
  }

  @Test
  void whoAppendsSeesTheirsInTheirOrderAndACursorWhatIsApplied() throws Exception {
    int threads = 8;
    int each = 100;
    ExecutorService appenders = Executors.newFixedThreadPool(threads);
    try (LogForm form = open()) {
      DurableLog log = form.log();
      Replica replica = form.replica();
      List<Future<List<Long>>> all = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        String name = "appender %d, ".formatted(thread);
        all.add(
            appenders.submit(
                () -> append(form, texts(1, each).stream().map(name::concat).toList())));
      }
      List<String> read = new ArrayList<>();
      try (LogCursor cursor = log.read(1)) {
        while (read.size() < threads * each) {
          read.addAll(rest(cursor));
          Thread.onSpinWait();
        }
      }
      for (Future<List<Long>> one : all) {
        assertThat(one.get()).isSorted();
      }
      assertThat(replica.texts()).isEqualTo(read);
      Map<String, List<String>> byAppender = new HashMap<>();
      read.forEach(
          text -> {
            String[] parts = text.split(", ", 2);
            byAppender.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(parts[1]);
          });
      assertThat(byAppender)
          .hasSize(threads)
          .allSatisfy((name, texts) -> assertThat(texts).isEqualTo(texts(1, each)));
    } finally {
      appenders.shutdownNow();
    }
  }

  @Test
  void readBeginsWhereItIsToldAndGoesOnWithWhatComes() throws Exception {
    try (LogForm form = open()) {
      List<Long> positions = append(form, texts(1, 50));
      try (LogCursor cursor = form.log().read(positions.get(9))) {
        assertThat(rest(cursor)).isEqualTo(texts(10, 50));
        append(form, texts(51, 60));
        assertThat(rest(cursor)).isEqualTo(texts(51, 60));
        assertThat(cursor.lostUpTo()).isZero();
      }
      assertThat(read(form, positions.get(49) + 1)).isEqualTo(texts(51, 60));
    }
  }

  @Test
  void readOfSomeStreamsMissesNothingOfTheirs() throws Exception {
    try (LogForm form = open()) {
      append(form, texts(1, 20));
      byte[] head = RaftCluster.record("", new Sent()).stream();
      try (LogCursor cursor = form.log().read(1, stream -> Arrays.equals(stream, head))) {
        assertThat(rest(cursor)).isEqualTo(texts(1, 20));
      }
    }
  }

  @Test
  void recordLargerThanASegmentIsWhole() throws Exception {
    String large = "large ".repeat(1_000_000);
    try (LogForm form = open()) {
      append(form, List.of("before", large, "behind"));
      assertThat(read(form, 1)).containsExactly("before", large, "behind");
      form.reopen();
      append(form, List.of("anew"));
      assertThat(form.replica().texts()).containsExactly("before", large, "behind", "anew");
    }
  }

  @Test
  void everyRecordThatWasTakenIsToldOfWhenItCloses() throws Exception {
    LogForm form = open();
    append(form, texts(1, 1));
    List<Sent> sent = new ArrayList<>();
    for (String text : texts(2, 200)) {
      sent.add(send(form, text));
    }
    DurableLog log = form.log();
    form.close();
    int applied = 0;
    for (Sent each : sent) {
      try {
        each.position();
        applied++;
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(LogFailedException.class);
      }
    }
    assertThat(applied).isBetween(0, 199);
    assertThatThrownBy(() -> log.append(RaftCluster.record("late", new Sent())))
        .isInstanceOf(LogFailedException.class);
  }

  @Test
  void releasingMakesRoomAndKeepsWhatIsAbove() throws Exception {
    String filling = "x".repeat(400_000);
    try (LogForm form = open()) {
      List<Long> positions = List.of();
      for (int round = 0; round < 6; round++) {
        positions = append(form, List.of(filling, filling, filling, filling));
        form.release(positions.get(1));
      }
      long released = positions.get(1);
      DurableLog log = form.log();
      await(() -> log.firstPosition() > 1);
      assertThat(log.firstPosition()).isLessThanOrEqualTo(released + 1);
      assertThat(read(form, released + 1)).containsExactly(filling, filling);
      form.reopen();
      append(form, texts(1, 1));
      assertThat(read(form, released + 1)).containsExactly(filling, filling, "text 1");
    }
  }

  @Test
  void cursorKeepsWhatItStandsOn() throws Exception {
    String filling = "x".repeat(400_000);
    try (LogForm form = open()) {
      append(form, List.of("first"));
      try (LogCursor cursor = form.log().read(1)) {
        assertThat(cursor.next()).isNotNull();
        List<Long> positions = append(form, List.of(filling, filling, filling, filling, filling));
        form.release(positions.get(4));
        append(form, List.of(filling, "last"));
        assertThat(rest(cursor))
            .containsExactly(filling, filling, filling, filling, filling, filling, "last");
      }
    }
  }

  @Test
  void fullOneRefusesUntilItIsReleasedAndLosesNothing() throws Exception {
    String filling = "x".repeat(300_000);
    try (LogForm form = open(directory, 8 << 20)) {
      List<Long> positions = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                while (positions.size() < 1_000) {
                  positions.addAll(append(form, List.of(filling)));
                }
              })
          .isInstanceOf(LogFullException.class);
      assertThat(positions).hasSizeGreaterThan(5);
      assertThat(form.replica().positions()).isEqualTo(positions);
      form.release(positions.get(positions.size() - 1));
      DurableLog log = form.log();
      await(() -> log.usage().roomBytes() > 1 << 20);
      assertThat(append(form, texts(1, 10))).hasSize(10);
    }
  }

  private interface Reached {
    boolean isSo() throws Exception;
  }

  private static void await(Reached reached) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!reached.isSo()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
