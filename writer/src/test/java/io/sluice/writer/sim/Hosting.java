package io.sluice.writer.sim;

import io.sluice.lake.CommitCheck;
import io.sluice.lake.CommitOutcome;
import io.sluice.lake.LogRange;
import io.sluice.writer.apply.Applier;
import io.sluice.writer.apply.LogRows;
import io.sluice.writer.apply.Replica;
import io.sluice.writer.apply.ReplicaReleaser;
import io.sluice.writer.apply.RoleListener;
import io.sluice.writer.apply.RowsByChunk;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.Chunk;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.HotRows;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.SetRows;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.intake.Persisting;
import io.sluice.writer.model.ModelLog;
import io.sluice.writer.persist.PersistRules;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A replica of a log in a process, and what persists and releases it while it leads. */
final class Hosting implements RoleListener, Persisting {

  private static final long PACE = Plan.SECOND / 5;

  private final World world;
  private final SimTables tables;
  private final Truth truth;
  private final SimProcess process;
  final int number;
  final ModelLog log;
  final Window window;
  final ChunkBuffer buffer;
  private final Replica replica;
  private final ReplicaReleaser releaser;
  private final Map<TableKey, ChunkSet> persisting = new HashMap<>();
  private final Map<TableKey, Long> due = new HashMap<>();
  private final Set<HotRead> reads = new LinkedHashSet<>();
  private boolean applies;

  Hosting(
      World world,
      SimTables tables,
      Truth truth,
      SimProcess process,
      int number,
      ModelLog log,
      Window.Limits limits) {
    this.world = world;
    this.tables = tables;
    this.truth = truth;
    this.process = process;
    this.number = number;
    this.log = log;
    RowsByChunk byChunk = new RowsByChunk(1);
    SealPolicy policy =
        new SealPolicy(
            world.plan.sealBytes,
            world.plan.sealBytes / 2,
            Duration.ofMillis(700),
            Duration.ofSeconds(3));
    LogRows rows = new LogRows(log, byChunk, process.loader, process.allocator);
    buffer = new ChunkBuffer(key -> 0L, policy, rows, world::nanos);
    window = new Window(limits);
    Applier applier = Applier.ofReplica(window, buffer, byChunk, process.loader, SimProcess.LEDGER);
    replica = new Replica(log, window, buffer, applier, this);
    releaser =
        new ReplicaReleaser(
            log,
            window,
            buffer,
            replica,
            key -> Optional.of(new UUID(7, SimTables.number(key))),
            limits,
            Duration.ofNanos(world.plan.noteEvery * 1_000),
            world::nanos);
  }

  void start() {
    log.start(0, replica);
    world.agenda.in(world.around(PACE), process, this::pace);
    world.agenda.in(world.around(PACE), process, this::release);
  }

  /** Something may be there to be applied. */
  void poke() {
    if (!applies && log.committed() > log.appliedPosition()) {
      applies = true;
      world.agenda.in(
          world.around(8_000),
          process,
          () -> {
            applies = false;
            log.apply(1 + world.below(6));
            requireSound();
            poke();
          });
    }
  }

  void requireSound() {
    if (buffer.records().missing() != 0) {
      throw new Violation(
          "writer-%d's ledger of log %d does not add up: %s",
          process.writer, number, buffer.records());
    }
    if (buffer.isFollowing() && buffer.openBytes() > 0) {
      throw new Violation("writer-%d follows log %d with rows in memory", process.writer, number);
    }
  }

  // Taking the lead over, as ReplicaHosting does.

  @Override
  public void leads(long term) {
    world.note("writer-%d leads log %d in term %d", process.writer, number, term);
    world.tally.add("leads that were taken over");
    take(term);
  }

  @Override
  public void follows() {
    world.note("writer-%d follows log %d", process.writer, number);
  }

  private void take(long term) {
    world.agenda.in(
        world.around(30_000),
        process,
        () -> {
          if (tables.isAwayFor(process.writer, world.now())) {
            takeLater(term);
          } else {
            learn(term, new HashMap<>());
          }
        });
  }

  private void takeLater(long term) {
    Long now = log.leadership().leads() ? log.leadership().term() : 0;
    if (now == term) {
      world.agenda.in(world.around(150_000), process, () -> take(term));
    }
  }

  /** One table's mark after the other, and then whether it led all the time. */
  private void learn(long term, Map<TableKey, Long> marks) {
    int next = marks.size();
    if (next < SimTables.KEYS.size()) {
      SimTable.State table = tables.table(next).load();
      TableKey key = SimTables.KEYS.get(next);
      marks.put(key, table.isLost() ? known(key) : table.mark(log.id()));
      world.agenda.in(world.around(30_000), process, () -> learn(term, marks));
      return;
    }
    process.confirm(
        this,
        confirmed -> {
          if (confirmed == null) {
            takeLater(term);
            return;
          }
          marks.forEach(
              (key, mark) -> {
                if (mark > confirmed) {
                  throw new Violation(
                      "%s holds log %d up to %d of %d", key, number, mark, confirmed);
                }
              });
          if (replica.lead(term, marks)) {
            world.note("writer-%d persists log %d from now on", process.writer, number);
          }
        });
  }

  /** As the notes in the log have it. */
  private long known(TableKey key) {
    return replica.tables().stream()
        .filter(entry -> entry.table().equals(key))
        .mapToLong(entry -> entry.mark())
        .findFirst()
        .orElse(0);
  }

  // Persisting, as Persister does.

  private void pace() {
    buffer.release(world.plan.grace * 1_000);
    buffer.sealComplete();
    for (TableKey key : SimTables.KEYS) {
      dispatch(buffer.table(key));
    }
    world.agenda.in(PACE / 2 + world.around(PACE), process, this::pace);
  }

  private void dispatch(TableBuffer table) {
    if (persisting.containsKey(table.key())
        || due.getOrDefault(table.key(), 0L) > world.now()
        || !table.isOwed()) {
      return;
    }
    table
        .beginPersist()
        .ifPresent(
            set -> {
              persisting.put(table.key(), set);
              world.agenda.in(world.around(50_000), process, () -> write(set));
            });
  }

  private void write(ChunkSet set) {
    List<Integer> rows = new ArrayList<>();
    try (SetRows all = buffer.load(set)) {
      for (Chunk chunk : all.chunks()) {
        chunk.rows().forEach(part -> add(part, rows));
      }
    } catch (IOException e) {
      failed(set, e);
      return;
    }
    if (rows.size() != set.rows() && world.has(Flaw.ACK_ALONE)) {
      failed(set, new IOException("its files have other rows than the set"));
      return;
    }
    if (rows.size() != set.rows()) {
      throw new Violation("a set has %d rows, expected %d", rows.size(), set.rows());
    }
    LogRange range = new LogRange(log.id(), set.from(), set.to());
    String token = Long.toHexString(world.random.nextLong());
    new SimCommit(
            world,
            tables,
            SimTables.number(set.table()),
            process.writer,
            process,
            new CommitCheck(range, token),
            rows,
            truth,
            outcome -> ended(set, range, outcome),
            unknown -> failed(set, unknown))
        .begin();
  }

  static void add(HotRows part, List<Integer> rows) {
    for (int row : part.rows()) {
      rows.add(Messages.row(part.batch().wire(), row));
    }
  }

  private void ended(ChunkSet set, LogRange range, CommitOutcome outcome) {
    try {
      PersistRules.requireHeld(set, range, outcome);
    } catch (Exception e) {
      failed(set, e);
      return;
    }
    world.tally.add("sets persisted");
    persisting.remove(set.table());
    due.remove(set.table());
    buffer.table(set.table()).persisted(set, world.nanos());
    requireSound();
  }

  private void failed(ChunkSet set, Exception cause) {
    world.tally.add("persists that failed");
    persisting.remove(set.table());
    if (PersistRules.isTriedAgain(buffer, set, cause)) {
      due.put(set.table(), world.now() + world.between(100_000, 500_000));
    } else {
      world.tally.add("persists that another Writer had done");
      due.remove(set.table());
    }
    requireSound();
  }

  // Releasing.

  private void release() {
    boolean isTight = !buffer.isFollowing() && world.hits(Fault.TIGHT_LOG);
    log.use(isTight ? 3 + world.below(2) : 1);
    log.failReleases(world.mayHit(Fault.FAILED_RELEASE));
    try {
      releaser.release();
    } catch (IOException e) {
      world.tally.add(Fault.FAILED_RELEASE);
    }
    world.agenda.in(PACE + world.around(PACE), process, this::release);
  }

  /** Memory runs short: something of what relieves it is done. */
  void pressure() {
    switch (world.below(5)) {
      case 0 -> buffer.sealLargest();
      case 1 -> buffer.spill(0);
      case 2 -> buffer.releaseHeld();
      case 3 -> buffer.cutOldestRead();
      default -> {
        buffer.sealLargest();
        buffer.spill(0);
      }
    }
    requireSound();
  }

  // Reading.

  void opened(HotRead read) {
    reads.add(read);
  }

  void closed(HotRead read) {
    reads.remove(read);
    read.close();
  }

  /** The process is gone: what it held goes, so that it can be seen that nothing else did. */
  void free() {
    reads.forEach(HotRead::close);
    buffer.close();
    persisting.values().forEach(set -> buffer.table(set.table()).persistFailed(set));
  }

  // As the intake sees it.

  @Override
  public long bytesOver() {
    return -1;
  }

  @Override
  public boolean hasTooManyBatches() {
    return window.isFull();
  }

  @Override
  public long bytesFreed() {
    return buffer.bytesFreed();
  }

  @Override
  public @Nullable String failure() {
    return null;
  }
}
