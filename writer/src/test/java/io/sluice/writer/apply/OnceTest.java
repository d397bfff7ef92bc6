package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.wire.BatchId;
import io.sluice.writer.HotSpans;
import io.sluice.writer.apply.Restarting.Sent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Any log, cut and restarted anywhere, from any checkpoint that a disk may have kept, gives the
 * rows that a plain list of what was sent says: of each id the first, and no other that came within
 * the window of the one before it. What was answered as a repeat is never stored later.
 */
class OnceTest {

  private static final long WINDOW_MICROS = 1_000_000;
  private static final long HOUR = 3_600_000_000L;
  private static final int MANY = Integer.MAX_VALUE / 2;

  private Restarting box;
  private Random random;
  private long logTime;
  private int ids;
  private Map<BatchId, Integer> tables;

  @Property(tries = 300)
  void rowsAreThoseOfAPlainList(@ForAll long seed) throws Exception {
    run(seed, 1_000_000);
    assertThat(box.evictedEarly).isZero();
    Map<BatchId, Sent> last = new HashMap<>();
    for (Sent batch : box.sent) {
      Sent before = last.put(batch.id, batch);
      boolean isRepeat = before != null && batch.logTime - before.logTime <= WINDOW_MICROS;
      if (before == null) {
        assertThat(batch.inTable).as("the first: %s", batch).isEqualTo(1);
      } else if (isRepeat) {
        assertThat(batch.inTable).as("%s after %s", batch, before).isZero();
      }
    }
  }

  /** Then repeats may be stored, but nothing is lost, and nothing that was answered changes. */
  @Property(tries = 150)
  void windowThatIsTooSmallLosesNothing(@ForAll long seed) throws Exception {
    run(seed, 8);
  }

  private void run(long seed, int room) throws Exception {
    random = new Random(seed);
    box = new Restarting(WINDOW_MICROS, room);
    tables = new HashMap<>();
    logTime = 0;
    ids = 0;
    int pace = 1 + random.nextInt(random.nextBoolean() ? 60_000 : 600_000);
    box.start(MANY);
    for (int step = 0; step < 100; step++) {
      logTime += random.nextInt(pace);
      step();
    }
    crash();
    box.replay(MANY);
    for (var key : Restarting.KEYS) {
      box.persist(key);
    }
    box.stop();
    Map<BatchId, Integer> rows = new HashMap<>();
    for (Sent batch : box.sent) {
      assertThat(batch.inTable).as("%s", batch).isLessThanOrEqualTo(1);
      if (Boolean.TRUE.equals(batch.answeredAsRepeat)) {
        assertThat(batch.inTable).as("answered as a repeat: %s", batch).isZero();
      }
      rows.merge(batch.id, batch.inTable, Integer::sum);
    }
    rows.forEach((id, count) -> assertThat(count).as("%s is there", id).isPositive());
  }

  private void step() throws Exception {
    switch (random.nextInt(11)) {
      case 0, 1 -> box.persist(Restarting.KEYS[random.nextInt(2)]);
      case 2 -> box.release();
      case 3 -> releaseOnABadDisk();
      case 4 -> crash();
      case 5 -> box.replay(1 + random.nextInt(5));
      default -> append();
    }
  }

  /** The directory fails at some step, or the power does, and with it the process. */
  private void releaseOnABadDisk() throws Exception {
    SimulatedDirectory.Fault[] faults = SimulatedDirectory.Fault.values();
    box.directory.arm(1 + random.nextInt(12), faults[random.nextInt(faults.length)]);
    try {
      box.release();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("injected");
    }
    if (box.directory.isOff()) {
      crash();
    }
    box.directory.arm(MANY, SimulatedDirectory.Fault.FAILS);
  }

  /** Without the power: then all that was forced is there, and some of the rest. */
  private void crash() throws Exception {
    box.stop();
    if (box.directory.isOff() || random.nextBoolean()) {
      box.directory = box.directory.afterPowerCut(random);
    }
    box.start(random.nextBoolean() ? MANY : random.nextInt(10));
  }

  /** New batches, and repeats of any age: in the same record, of one that is not applied, ... */
  private void append() {
    int table = random.nextInt(2);
    List<BatchId> batches = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      batches.add(random.nextInt(2) == 0 ? known(table) : fresh(table));
    }
    long received = HotSpans.NOW + (random.nextInt(3) - 1) * HOUR; // nobody may look at it
    var record = box.append(table, batches, logTime, received);
    if (random.nextInt(4) > 0) { // else not applied: the process may die before it is
      box.replay((int) (record.position() - 1 - box.applied()));
      box.apply(record);
    }
  }

  private BatchId fresh(int table) {
    BatchId id = new BatchId(table, ++ids);
    tables.put(id, table);
    return id;
  }

  private BatchId known(int table) {
    int back = random.nextInt(random.nextBoolean() ? 4 : 30);
    for (int id = ids - back; id > 0; id--) {
      if (tables.get(new BatchId(table, id)) != null) {
        return new BatchId(table, id);
      }
    }
    return fresh(table);
  }
}
