package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.wire.BatchId;
import io.sluice.wal.LogRecord;
import io.sluice.writer.HotSpans;
import io.sluice.writer.apply.ReplicaBox.Answer;
import io.sluice.writer.apply.ReplicaBox.Attempt;
import io.sluice.writer.apply.ReplicaBox.Reading;
import io.sluice.writer.apply.ReplicaBox.Row;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.model.ModelCluster;
import io.sluice.writer.model.ModelLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Any history of three replicas, with leaders that come and go, processes that begin from a
 * snapshot of their own or of another, commits that are late or have no answer, and repeats: all
 * decide the same, the tables have the rows that a plain map of what was seen says, each once, and
 * reads give just these or end with an error.
 */
class ReplicasTest {

  private static final int REPLICAS = 3;
  private static final long WINDOW_MICROS = 1_000_000;
  private static final long HOUR = 3_600_000_000L;
  private static final int MANY = Integer.MAX_VALUE / 2;
  private static final TableKey[] KEYS = ReplicaBox.KEYS;

  private Random random;
  private ModelCluster cluster;
  private List<ReplicaBox> boxes;
  private final Map<TableKey, Long> marks = new HashMap<>();
  private final Map<TableKey, Map<Row, Integer>> tables = new HashMap<>();
  private final Map<Row, Answer> answered = new HashMap<>();
  private List<Attempt> inFlight;
  private long micros;
  private int ids;
  private Reference reference;

  @Property(tries = 80)
  void tablesHaveTheRowsThatAPlainMapSays(@ForAll long seed) throws Exception {
    run(seed, new Window.Limits(WINDOW_MICROS, 1_000_000));
    Map<BatchId, long[]> seen = new HashMap<>(); // last seen: position, log time
    long released = 0;
    for (int p = 1; p <= reference.records.size(); p++) {
      LogRecord record = reference.records.get(p - 1);
      if (record == null) {
        continue;
      }
      if (record.isNote()) {
        released = Math.max(released, ReleaseNote.decode(record.payload()).released());
        continue;
      }
      List<BatchId> batches = Batches.of(record);
      for (int i = 0; i < batches.size(); i++) {
        long[] last = seen.get(batches.get(i));
        boolean counts =
            last == null
                || (last[0] <= released && record.logTimeMicros() - last[1] > WINDOW_MICROS);
        assertThat(reference.counting.contains(new Row(p, i))).as("%d.%d", p, i).isEqualTo(counts);
        seen.put(batches.get(i), new long[] {p, record.logTimeMicros()});
      }
    }
  }

  /** Then repeats may be stored, but nothing is lost, and all replicas forget the same ids. */
  @Property(tries = 50)
  void windowThatIsTooSmallLosesNothing(@ForAll long seed) throws Exception {
    run(seed, new Window.Limits(WINDOW_MICROS, 8));
  }

  private void run(long seed, Window.Limits limits) throws Exception {
    random = new Random(seed);
    cluster = new ModelCluster(new UUID(3, seed), REPLICAS);
    boxes = new ArrayList<>();
    inFlight = new ArrayList<>();
    marks.clear();
    tables.clear();
    answered.clear();
    micros = 0;
    ids = 0;
    reference = new Reference(limits);
    for (TableKey key : KEYS) {
      marks.put(key, 0L);
      tables.put(key, new HashMap<>());
    }
    for (int i = 0; i < REPLICAS; i++) {
      // Settings differ for a while when they are changed: the notes say which count.
      int room = i == 0 ? limits.maxEntries() : limits.maxEntries() + 1;
      boxes.add(new ReplicaBox(cluster.log(i), new Window.Limits(limits.ageMicros(), room)));
      boxes.get(i).start();
    }
    int pace = 1 + random.nextInt(random.nextBoolean() ? 60_000 : 600_000);
    for (int step = 0; step < 600; step++) {
      micros += random.nextInt(pace);
      cluster.setMicros(micros);
      step();
      check();
    }
    settle();
    verify();
    boxes.forEach(ReplicaBox::crash);
  }

  private void step() throws Exception {
    int i = random.nextInt(REPLICAS);
    ReplicaBox box = boxes.get(i);
    TableKey key = KEYS[random.nextInt(KEYS.length)];
    boolean isUp = box.log.isUp();
    switch (random.nextInt(40)) {
      case 0, 16 -> elect(i);
      case 1 -> cluster.cut(i, random.nextInt(REPLICAS), random.nextInt(3) == 0);
      case 2, 3 -> restart(box);
      case 4, 5, 6, 7 -> lead(boxes.get(leading(i)));
      case 8, 9, 10, 11 -> arrive(box, key);
      case 12, 13, 14, 15 -> arrive(boxes.get(leading(i)), key);
      default -> {
        if (isUp) {
          stepOf(box, key);
        }
      }
    }
    for (ReplicaBox each : boxes) {
      if (random.nextInt(3) == 0) {
        cluster.send(leading(i), boxes.indexOf(each), random.nextInt(9));
      }
      if (random.nextInt(3) == 0 && each.log.isUp()) {
        each.log.apply(random.nextInt(9));
      }
    }
  }

  private void stepOf(ReplicaBox box, TableKey key) throws Exception {
    switch (random.nextInt(8)) {
      case 0, 1 -> box.release();
      case 2 -> box.beginPersist(key);
      case 3 -> read(box, key);
      default -> append(boxes.get(leading(boxes.indexOf(box))));
    }
  }

  private void elect(int i) {
    ModelLog leader = cluster.leader();
    if (leader == null || !leader.leadership().leads() || random.nextInt(2) == 0) {
      cluster.elect(i);
    }
  }

  private int leading(int or) {
    ModelLog leader = cluster.leader();
    return leader == null || random.nextInt(6) == 0 ? or : indexOf(leader);
  }

  private int indexOf(ModelLog log) {
    return boxes.indexOf(boxes.stream().filter(box -> box.log == log).findFirst().orElseThrow());
  }

  private void restart(ReplicaBox box) {
    if (!box.log.isUp()) {
      box.start();
    } else if (random.nextInt(3) == 0) {
      inFlight.addAll(box.attempts.values());
      box.crash();
    }
  }

  /** The marks are read, and some time later it is known whether it led still. */
  private void lead(ReplicaBox box) {
    if (box.log.isUp() && box.leading > 0 && box.buffer.isFollowing()) {
      Map<TableKey, Long> read = Map.copyOf(marks);
      if (box.log.confirm().isCompletedExceptionally()) {
        return;
      }
      read.forEach((key, mark) -> assertThat(mark).isLessThanOrEqualTo(box.log.appliedPosition()));
      assertThat(box.replica.lead(box.leading - 1, read)).as("another term").isFalse();
      assertThat(box.replica.lead(box.leading, read)).isTrue();
    }
  }

  /** A commit arrives; or one of a process that is gone, and the answer gets lost. */
  private void arrive(ReplicaBox box, TableKey key) {
    if (!inFlight.isEmpty() && random.nextBoolean()) {
      commit(inFlight.remove(random.nextInt(inFlight.size())));
      return;
    }
    Attempt attempt = box.log.isUp() ? box.attempts.get(key) : null;
    if (attempt == null) {
      return;
    }
    boolean isIn = random.nextInt(4) > 0 && commit(attempt);
    if (random.nextInt(4) == 0) { // not known: tried again
      if (!isIn && random.nextBoolean()) {
        inFlight.add(attempt);
      }
      box.buffer.table(key).persistFailed(attempt.set());
    } else if (isIn || marks.get(key) >= attempt.to()) {
      box.buffer.table(key).persisted(attempt.set(), 0);
      if (random.nextBoolean()) {
        box.buffer.release(0);
      }
    } else {
      box.buffer.table(key).persistFailed(attempt.set());
      if (marks.get(key) > attempt.from()) {
        box.buffer.moveMark(key, marks.get(key));
      }
    }
    box.attempts.remove(key);
  }

  /** What a catalog does. */
  private boolean commit(Attempt attempt) {
    if (marks.get(attempt.table()) != attempt.from()) {
      return false;
    }
    attempt.rows().forEach(row -> tables.get(attempt.table()).merge(row, 1, Integer::sum));
    marks.put(attempt.table(), attempt.to());
    return true;
  }

  private void read(ReplicaBox box, TableKey key) throws IOException {
    if (box.readings.size() < 3 && random.nextBoolean()) {
      long mark = marks.get(key);
      long after = random.nextBoolean() ? mark : box.buffer.table(key).mark();
      box.openRead(key, after);
    } else if (!box.readings.isEmpty()) {
      Reading reading = box.readings.remove(random.nextInt(box.readings.size()));
      long to = reading.read().to();
      ReplicaBox.drain(reading)
          .ifPresent(
              rows -> assertThat(rows).isEqualTo(counting(reading.table(), reading.after(), to)));
    }
  }

  /** New batches, and repeats of any age: in the same record, of one that is not applied, ... */
  private void append(ReplicaBox box) {
    if (!box.log.isUp() || !box.log.leadership().leads()) {
      return;
    }
    int table = random.nextInt(KEYS.length);
    List<BatchId> batches = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      int back = random.nextInt(random.nextBoolean() ? 4 : 30);
      boolean again = ids > back && random.nextBoolean();
      batches.add(new BatchId(table, again ? ids - back : ++ids));
    }
    long received = HotSpans.NOW + (random.nextInt(3) - 1) * HOUR; // nobody may look at it
    box.append(KEYS[table], batches, received);
  }

  private void check() {
    reference.follow(cluster);
    for (ReplicaBox box : boxes) {
      if (box.log.isUp()) {
        assertThat(box.buffer.records().missing()).isZero();
        if (box.buffer.isFollowing()) {
          assertThat(box.buffer.openBytes()).isZero();
        }
      }
    }
  }

  /** Everybody is back, and all is persisted. */
  private void settle() throws Exception {
    for (int i = 0; i < REPLICAS; i++) {
      for (int j = 0; j < REPLICAS; j++) {
        cluster.cut(i, j, false);
      }
      if (!boxes.get(i).log.isUp()) {
        boxes.get(i).start();
      }
    }
    int leader = 0;
    while (cluster.log(leader).confirm().isCompletedExceptionally()) {
      leader = (leader + 1) % REPLICAS;
      cluster.elect(leader);
      deliver(leader);
    }
    ReplicaBox box = boxes.get(leader);
    inFlight.forEach(this::commit);
    for (int round = 0; round < 100 && box.buffer.records().hot() > 0 || round == 0; round++) {
      lead(box);
      assertThat(box.buffer.isFollowing()).isFalse();
      for (TableKey key : KEYS) {
        for (ReplicaBox each : boxes) {
          each.beginPersist(key);
          arrive(each, key);
        }
      }
      if (round % 3 == 0) {
        boxes.forEach(this::releaseQuietly);
      }
      deliver(leader);
    }
    boxes.forEach(this::releaseQuietly);
    deliver(leader);
    assertThat(box.buffer.records().hot()).isZero();
    reference.follow(cluster);
  }

  private void releaseQuietly(ReplicaBox box) {
    try {
      box.release();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void deliver(int leader) {
    for (int again = 0; again < 2; again++) {
      for (int i = 0; i < REPLICAS; i++) {
        cluster.send(leader, i, MANY);
      }
      boxes.forEach(box -> box.log.apply(MANY));
    }
  }

  private void verify() {
    for (TableKey key : KEYS) {
      Map<Row, Integer> expected = new HashMap<>();
      counting(key, 0, Long.MAX_VALUE).forEach(row -> expected.put(row, 1));
      assertThat(tables.get(key)).isEqualTo(expected);
    }
    for (ReplicaBox box : boxes) {
      assertThat(box.log.appliedPosition()).isEqualTo(reference.records.size());
      assertThat(box.buffer.records().hot()).as("the last note says that all is in").isZero();
      assertSame(box.window.entries(), reference.window.entries());
      if (reference.window.releasePoint() > 0) { // nothing goes before a note has told them
        assertThat(box.window.limits()).isEqualTo(reference.window.limits());
      }
      for (Answer answer : box.answers) {
        for (int i = 0; answer.repeats != null && i < answer.repeats.size(); i++) {
          Row row = new Row(answer.record.position(), i);
          assertThat(answer.repeats.get(i)).isEqualTo(!reference.counting.contains(row));
        }
      }
    }
    Set<BatchId> there = new TreeSet<>(ReplicasTest::compare);
    reference.counting.forEach(row -> there.add(reference.batch(row)));
    for (LogRecord record : reference.records) {
      if (record != null && !record.isNote()) {
        assertThat(there).containsAll(Batches.of(record));
      }
    }
  }

  private static int compare(BatchId a, BatchId b) {
    int order = Long.compare(a.high(), b.high());
    return order == 0 ? Long.compare(a.low(), b.low()) : order;
  }

  private static void assertSame(Window.Entries a, Window.Entries b) {
    assertThat(a.low()).isEqualTo(b.low());
    assertThat(a.high()).isEqualTo(b.high());
    assertThat(a.position()).isEqualTo(b.position());
    assertThat(a.ordinal()).isEqualTo(b.ordinal());
    assertThat(a.logTime()).isEqualTo(b.logTime());
    assertThat(a.lastSeen()).isEqualTo(b.lastSeen());
    assertThat(a.seenAgain()).isEqualTo(b.seenAgain());
  }

  private Set<Row> counting(TableKey key, long after, long to) {
    Set<Row> rows = new TreeSet<>();
    for (Row row : reference.counting) {
      int table = Arrays.asList(KEYS).indexOf(key);
      if (row.position() > after && row.position() <= to && reference.batch(row).high() == table) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** Decides what is committed as it comes, without ever having begun from a snapshot. */
  private static final class Reference {

    private final Window window;
    private final List<LogRecord> records = new ArrayList<>();
    private final Set<Row> counting = new TreeSet<>();

    Reference(Window.Limits limits) {
      window = new Window(limits);
    }

    BatchId batch(Row row) {
      return Batches.of(records.get((int) row.position() - 1)).get(row.ordinal());
    }

    void follow(ModelCluster cluster) {
      List<LogRecord> all = cluster.records();
      for (LogRecord record : all.subList(records.size(), all.size())) {
        records.add(record);
        if (record != null) {
          decide(record);
          window.age(record.logTimeMicros());
        }
      }
    }

    private void decide(LogRecord record) {
      if (record.isNote()) {
        ReleaseNote note = ReleaseNote.decode(record.payload());
        window.limit(note.limits());
        window.released(note.released());
        return;
      }
      List<BatchId> batches = Batches.of(record);
      for (int i = 0; i < batches.size(); i++) {
        Occurrence is = window.decide(batches.get(i), record.position(), i, record.logTimeMicros());
        if (!is.isRepeat()) {
          counting.add(new Row(record.position(), i));
        }
      }
    }
  }
}
