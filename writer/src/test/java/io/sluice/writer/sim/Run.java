package io.sluice.writer.sim;

import io.sluice.writer.model.ModelCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One seed's run: a cluster, clients and readers, and faults for a while; then there are none any
 * more, and all has to come to rest.
 */
final class Run {

  private static final int ACCEPTORS = 2;
  private static final int COPIES = 3;
  private static final long DRAIN = 90 * Plan.SECOND;

  final World world;
  private final SimTables tables;
  private final SimWriters writers;
  private final List<Elections> elections = new ArrayList<>();
  private final List<SimAcceptor> acceptors = new ArrayList<>();
  private final SimClient client;
  private final SimReader reader;

  /**
   * @param traced how many of the last things that happen are remembered
   */
  Run(long seed, int traced, Tally tally, Set<Flaw> flaws) {
    world = new World(seed, traced, tally, flaws);
    tables = new SimTables(world.plan);
    writers = new SimWriters(world, tables, ACCEPTORS + 1);
    for (int log = 0; log < world.plan.logs; log++) {
      elections.add(new Elections(world, writers, log));
    }
    for (int i = 0; i < ACCEPTORS; i++) {
      acceptors.add(new SimAcceptor(world, writers, i));
    }
    client = new SimClient(world, writers.truth(), acceptors);
    reader = new SimReader(world, writers, tables, ACCEPTORS);
  }

  /**
   * @throws Violation something was not as it must be
   */
  void run() throws Exception {
    tick();
    for (int writer = 0; writer < world.plan.writers; writer++) {
      writers.start(writer);
    }
    elections.forEach(Elections::begin);
    acceptors.forEach(SimAcceptor::begin);
    client.begin();
    reader.begin();
    new Chaos(world, writers, tables, elections, ACCEPTORS + 1).begin();
    until(world.plan.activeMicros);
    heal();
    drain();
    age();
    rest();
    writers.truth().requireAll();
    for (int writer = 0; writer < world.plan.writers; writer++) {
      writers.kill(writer); // nothing leaks
    }
  }

  private void until(long micros) throws Exception {
    while (world.agenda.step(micros)) {
      tick();
    }
    tick();
  }

  private void tick() {
    for (ModelCluster cluster : writers.clusters) {
      cluster.setMicros(world.now());
    }
  }

  private void heal() {
    world.note("nothing goes wrong any more");
    world.calm();
    writers.joinAll();
    tables.away(0);
    tables.rollForward();
    for (int writer = 0; writer < world.plan.writers; writer++) {
      tables.awayFor(writer, 0);
      if (!writers.isUp(writer)) {
        writers.start(writer);
      }
    }
  }

  /** All that is stored gets into the tables, and out of the logs. */
  private void drain() throws Exception {
    long end = world.now() + DRAIN;
    while (!isDrained()) {
      if (world.now() > end) {
        throw new Violation("it does not drain: %s", undrained());
      }
      until(world.now() + Plan.SECOND / 2);
    }
    reader.read();
    until(world.now() + 12 * Plan.SECOND);
    if (!reader.isIdle()) {
      throw new Violation("a read does not end, though nothing goes wrong");
    }
    while (!isDrained()) {
      until(world.now() + Plan.SECOND / 2);
    }
  }

  private boolean isDrained() {
    return undrained().isEmpty();
  }

  private String undrained() {
    if (!client.isIdle() || !acceptors.stream().allMatch(SimAcceptor::isIdle)) {
      return "requests are under way";
    }
    if (!reader.isIdle()) {
      return "reads are under way";
    }
    for (int log = 0; log < world.plan.logs; log++) {
      for (int replica = 0; replica < COPIES; replica++) {
        String why = undrained(log, writers.hosting(log, replica));
        if (!why.isEmpty()) {
          return "log %d, replica %d: %s".formatted(log, replica, why);
        }
      }
    }
    return "";
  }

  private String undrained(int log, Hosting hosting) {
    ModelCluster cluster = writers.clusters.get(log);
    if (hosting == null) {
      return "it is down";
    }
    if (hosting.log.appliedPosition() < cluster.committed()) {
      return "it has applied %d of %d"
          .formatted(hosting.log.appliedPosition(), cluster.committed());
    }
    if (hosting.buffer.records().hot() > 0) {
      return "%d rows are hot".formatted(hosting.buffer.records().hot());
    }
    long last = writers.truth().lastBatch(log);
    if (hosting.log.firstPosition() <= last) {
      return "it is released up to %d of %d".formatted(hosting.log.firstPosition() - 1, last);
    }
    return "";
  }

  /**
   * Ids are forgotten in their time, by all replicas the same. One that was repeated may have to
   * wait for those that came before its repeat, and a log's time goes on from the first record of a
   * term: hence some windows.
   */
  private void age() throws Exception {
    int sent = writers.truth().sent();
    for (int i = 0; i < 7; i++) {
      until(world.now() + Plan.WINDOW / 2);
      client.request(world.plan.logs);
    }
    drain();
    int more = writers.truth().sent() - sent;
    for (int log = 0; log < world.plan.logs; log++) {
      int size = writers.hosting(log, 0).window.size();
      if (size > more) {
        throw new Violation("log %d remembers %d ids, of which %d are new", log, size, more);
      }
      for (int replica = 1; replica < COPIES; replica++) {
        int other = writers.hosting(log, replica).window.size();
        if (other != size) {
          throw new Violation("replicas of log %d remember %d and %d ids", log, size, other);
        }
      }
    }
  }

  /** A cluster that has nothing to do does nothing. */
  private void rest() throws Exception {
    long[] before = writers.clusters.stream().mapToLong(ModelCluster::committed).toArray();
    until(world.now() + 20 * Plan.SECOND);
    for (int log = 0; log < world.plan.logs; log++) {
      if (writers.clusters.get(log).committed() > before[log]) {
        throw new Violation("log %d grows though nothing comes", log);
      }
    }
  }
}
