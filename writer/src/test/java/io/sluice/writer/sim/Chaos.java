package io.sluice.writer.sim;

import java.util.List;

/** Faults that come by themselves. */
final class Chaos {

  private final World world;
  private final SimWriters writers;
  private final SimTables tables;
  private final List<Elections> elections;
  private final int clients;

  Chaos(World world, SimWriters writers, SimTables tables, List<Elections> elections, int clients) {
    this.world = world;
    this.writers = writers;
    this.tables = tables;
    this.elections = elections;
    this.clients = clients;
  }

  void begin() {
    for (Fault fault : Fault.values()) {
      if (Plan.BY_THEMSELVES.contains(fault) && world.plan.rate(fault) > 0) {
        next(fault);
      }
    }
  }

  private void next(Fault fault) {
    long mean = (long) (Plan.interval(fault) / world.plan.rate(fault));
    world.agenda.in(
        world.around(mean),
        () -> {
          if (!world.isCalm()) {
            if (happens(fault)) {
              world.tally.add(fault);
            }
            next(fault);
          }
        });
  }

  /** False if it cannot be now. */
  private boolean happens(Fault fault) {
    int writer = world.below(world.plan.writers);
    int table = world.below(SimTables.KEYS.size());
    return switch (fault) {
      case CRASH -> crash(writer);
      case LOST_DISK -> loseDisk(writer);
      case PAUSE -> pause(writer);
      case CUT -> cut(writer);
      case CUT_CLIENT -> cutClient(writer);
      case ELECTION -> {
        elections.get(world.below(elections.size())).disturb(world.below(3));
        yield true;
      }
      case OUTAGE -> {
        tables.away(world.now() + world.around(3 * Plan.SECOND));
        yield true;
      }
      case NO_CATALOG -> {
        tables.awayFor(writer, world.now() + world.around(3 * Plan.SECOND));
        yield true;
      }
      case COMPACTION -> {
        tables.table(table).compact();
        yield true;
      }
      case ROLLBACK -> rollBack(table);
      case FOREIGN_CHANGE -> {
        tables.table(table).change();
        yield true;
      }
      case PRESSURE -> pressure(writer);
      default -> throw new IllegalArgumentException(fault.what());
    };
  }

  private boolean rollBack(int table) {
    boolean is = tables.table(table).rollBack();
    if (is) {
      world.note("table %d is put back", table);
      world.agenda.in(
          world.around(Plan.SECOND),
          () -> {
            world.note("table %d is taken forward", table);
            tables.table(table).rollForward();
          });
    }
    return is;
  }

  private boolean crash(int writer) {
    boolean isUp = writers.isUp(writer);
    if (isUp) {
      writers.kill(writer);
      restart(writer);
    }
    return isUp;
  }

  private boolean loseDisk(int writer) {
    boolean isUp = writers.isUp(writer);
    boolean lost = isUp && writers.loseDisk(writer);
    if (lost) {
      restart(writer);
    }
    return lost;
  }

  private void restart(int writer) {
    world.agenda.in(
        world.around(Plan.SECOND),
        () -> {
          if (!writers.isUp(writer)) {
            writers.start(writer);
          }
        });
  }

  private boolean pause(int writer) {
    SimProcess process = writers.process(writer);
    if (process == null || process.isPaused()) {
      return false;
    }
    writers.pause(writer, world.now() + world.between(50_000, 4 * Plan.SECOND));
    return true;
  }

  private boolean cut(int writer) {
    int other = (writer + 1 + world.below(world.plan.writers - 1)) % world.plan.writers;
    writers.cut(writer, other, true);
    world.agenda.in(world.around(2 * Plan.SECOND), () -> writers.cut(writer, other, false));
    return true;
  }

  private boolean cutClient(int writer) {
    int client = world.below(clients);
    writers.cutClient(client, writer, true);
    world.agenda.in(world.around(2 * Plan.SECOND), () -> writers.cutClient(client, writer, false));
    return true;
  }

  private boolean pressure(int writer) {
    SimProcess process = writers.process(writer);
    if (process == null || process.isPaused()) {
      return false;
    }
    process.hostings.values().forEach(Hosting::pressure);
    return true;
  }
}
