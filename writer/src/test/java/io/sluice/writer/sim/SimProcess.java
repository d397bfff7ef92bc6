package io.sluice.writer.sim;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.wal.Leadership;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogRecord;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.intake.Intake;
import io.sluice.writer.intake.PutLog;
import io.sluice.writer.intake.PutLogs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/** One life of a Writer: from its start until it is killed. */
final class SimProcess implements Agenda.Owner, PutLogs {

  /** Of all: what it counts beside records is not looked at. */
  static final Ledger LEDGER = new Ledger(new Telemetry("simulation"));

  private static final LogFailedException KILLED = new LogFailedException("killed", null);

  final World world;
  final int writer;
  final BufferAllocator allocator = new RootAllocator();
  final BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
  final Map<Integer, Hosting> hostings = new TreeMap<>();
  final Intake intake;
  private final Map<Integer, PutLog> puts = new TreeMap<>();
  private final BitSet appended = new BitSet();
  private boolean gone;
  private long resumesAt;

  SimProcess(World world, int writer) {
    this.world = world;
    this.writer = writer;
    this.intake =
        new Intake(
            this,
            loader,
            allocator,
            1 << 30,
            LEDGER,
            () -> Instant.ofEpochSecond(Messages.FIRST_MICROS / 1_000_000),
            world::nanos,
            () -> new UUID(0, 0));
  }

  void host(Hosting hosting) {
    hostings.put(hosting.number, hosting);
    puts.put(hosting.number, new PutLog(hosting.log, hosting, LEDGER, world::nanos));
  }

  /** Whether there is one that it has not appended yet, or it does not lead. */
  boolean appends(int log, List<Sent> batches) {
    Hosting hosting = hostings.get(log);
    if (hosting == null || !hosting.log.leadership().leads()) {
      return true;
    }
    int before = appended.cardinality();
    batches.forEach(batch -> appended.set(batch.number()));
    return appended.cardinality() > before;
  }

  /**
   * Asks a majority whether it leads a log; some time later it is known.
   *
   * @param told the position that a read must reach; null if it does not lead
   */
  void confirm(Hosting hosting, Consumer<@Nullable Long> told) {
    Leadership asked = hosting.log.leadership();
    if (!asked.leads()) {
      told.accept(null);
      return;
    }
    long atLeast = hosting.log.committed();
    world.agenda.in(
        world.around(15_000),
        this,
        () -> {
          boolean still = hosting.log.leadership().term() == asked.term();
          if (still && hosting.log.isConfirmed()) {
            reached(hosting, asked.term(), atLeast, told);
          } else {
            told.accept(null);
          }
        });
  }

  private void reached(Hosting hosting, long term, long atLeast, Consumer<@Nullable Long> told) {
    Leadership now = hosting.log.leadership();
    if (!now.leads() || now.term() != term) {
      told.accept(null);
    } else if (hosting.log.appliedPosition() >= atLeast) {
      told.accept(hosting.log.appliedPosition());
    } else {
      hosting.poke();
      world.agenda.in(5_000, this, () -> reached(hosting, term, atLeast, told));
    }
  }

  /** Killed: whoever waits is told nothing. */
  void kill() {
    gone = true;
    List<LogRecord> untold = new ArrayList<>();
    hostings.values().forEach(hosting -> untold.addAll(hosting.log.crash()));
    for (LogRecord record : untold) {
      if (record.attachment() != null) {
        record.attachment().failed(KILLED); // gives its memory back; the call is cut by now
      }
    }
    hostings.values().forEach(Hosting::free);
    allocator.close(); // throws if there is a leak
  }

  void pause(long until) {
    resumesAt = Math.max(resumesAt, until);
  }

  @Override
  public boolean isGone() {
    return gone;
  }

  @Override
  public long resumesAt() {
    return resumesAt;
  }

  boolean isPaused() {
    return resumesAt > world.now();
  }

  @Override
  public int count() {
    return world.plan.logs;
  }

  @Override
  public @Nullable PutLog hosted(int number) {
    return puts.get(number);
  }

  @Override
  public @Nullable String leader(int number) {
    return null;
  }
}
