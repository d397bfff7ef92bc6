package io.sluice.writer.sim;

import io.sluice.lake.CommitCheck;
import io.sluice.lake.CommitOutcome;
import io.sluice.lake.CommitOutcome.Committed;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One commit on its way, as LakeTable makes it: load, judge, attempt, and again from the begin if
 * that fails; an attempt is applied anew to a base that was changed meanwhile. What decides is
 * {@link CommitCheck}; what was sent arrives whatever became of who sent it.
 */
final class SimCommit {

  private static final int FAILURES = 3;
  private static final int REFRESHES = 3;
  private static final long TIMEOUT = 2 * Plan.SECOND;

  private final World world;
  private final SimTables tables;
  private final int number;
  private final SimTable table;
  private final int writer;
  private final Agenda.Owner owner;
  private final CommitCheck check;
  private final List<Integer> rows;
  private final Truth truth;
  private final Consumer<CommitOutcome> known;
  private final Consumer<IOException> unknown;
  private int failures;

  /**
   * @param writer who commits, as long as {@code owner} lives
   * @param known told how it ended; or {@code unknown}, if that cannot be learnt
   */
  SimCommit(
      World world,
      SimTables tables,
      int number,
      int writer,
      Agenda.Owner owner,
      CommitCheck check,
      List<Integer> rows,
      Truth truth,
      Consumer<CommitOutcome> known,
      Consumer<IOException> unknown) {
    this.world = world;
    this.tables = tables;
    this.number = number;
    this.table = tables.table(number);
    this.writer = writer;
    this.owner = owner;
    this.check = check;
    this.rows = rows;
    this.truth = truth;
    this.known = known;
    this.unknown = unknown;
  }

  void begin() {
    world.agenda.in(delay(), owner, this::load);
  }

  private long delay() {
    return world.around(40_000);
  }

  private void load() {
    if (tables.isAwayFor(writer, world.now())) {
      failed();
      return;
    }
    SimTable.State loaded = table.load();
    if (loaded.isLost()) {
      known.accept(new CommitOutcome.TableLost("it was rolled back"));
      return;
    }
    world.agenda.in(delay(), owner, () -> judge(loaded));
  }

  private void judge(SimTable.State loaded) {
    Optional<CommitOutcome> outcome =
        check.outcome(loaded.own(check.token()), check.mark(loaded.marks()));
    boolean isElsewhere = outcome.isPresent() && !(outcome.get() instanceof Committed);
    if (outcome.isPresent() && !(isElsewhere && world.has(Flaw.MARK_NOT_COMPARED))) {
      known.accept(outcome.get());
    } else {
      attempt(loaded, REFRESHES);
    }
  }

  private void attempt(SimTable.State base, int refreshes) {
    if (!fits(base) || refreshes == 0) {
      failed();
      return;
    }
    boolean[] isOver = {false};
    world.agenda.in(
        TIMEOUT,
        owner,
        () -> {
          if (!isOver[0]) {
            isOver[0] = true;
            failed();
          }
        });
    if (world.hits(Fault.LOST_COMMIT)) {
      return;
    }
    long late = world.hits(Fault.LATE_COMMIT) ? world.between(TIMEOUT / 4, 6 * TIMEOUT) : 0;
    world.agenda.in(delay() + late, () -> arrive(base, refreshes, isOver));
  }

  private boolean fits(SimTable.State base) {
    boolean isIn = base.own(check.token()).isPresent();
    Map<UUID, Long> marks =
        world.has(Flaw.MARK_NOT_COMPARED)
            ? Map.of(check.range().logId(), check.range().from())
            : base.marks();
    return check.base(!base.isLost(), isIn, marks) == CommitCheck.Ground.FITS;
  }

  /** At the catalog. */
  private void arrive(SimTable.State base, int refreshes, boolean[] isOver) {
    if (tables.isAway(world.now())) {
      return;
    }
    boolean taken = table.commit(base, check, rows);
    if (taken) {
      world.note(
          "table %d takes (%d, %d] of log %d from writer-%d: %d rows",
          number,
          check.range().from(),
          check.range().to(),
          check.range().logId().getLeastSignificantBits(),
          writer,
          rows.size());
      truth.committed(number, check.range(), rows);
    }
    if (world.hits(Fault.LOST_OUTCOME)) {
      return;
    }
    world.agenda.in(
        delay(),
        owner,
        () -> {
          if (isOver[0]) {
            return;
          }
          isOver[0] = true;
          if (taken) {
            known.accept(new Committed(0));
          } else {
            attempt(table.load(), refreshes - 1);
          }
        });
  }

  private void failed() {
    failures++;
    if (failures == FAILURES) {
      unknown.accept(new IOException("cannot commit " + check.range()));
    } else {
      world.agenda.in(world.around(100_000), owner, this::load);
    }
  }
}
