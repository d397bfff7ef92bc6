package io.sluice.writer.sim;

import io.sluice.writer.model.ModelCluster;
import io.sluice.writer.model.ModelLog;

/** What Raft does with a log as time passes: leaders send, others hear of them or try to lead. */
final class Elections {

  private static final int COPIES = 3;
  private static final int TICK = 40_000;
  private static final int CALM_TICK = 150_000;
  private static final long NEVER = 0;

  private final World world;
  private final SimWriters writers;
  private final int log;
  private final ModelCluster cluster;
  private final long[] heard = new long[COPIES];
  private final long[] patience = new long[COPIES];
  private final long[] toldAt = new long[COPIES];

  Elections(World world, SimWriters writers, int log) {
    this.world = world;
    this.writers = writers;
    this.log = log;
    this.cluster = writers.clusters.get(log);
  }

  void begin() {
    for (int replica = 0; replica < COPIES; replica++) {
      patience[replica] = replica * 100_000L;
      tick(replica);
    }
  }

  private void tick(int replica) {
    int tick = world.isCalm() ? CALM_TICK : TICK;
    world.agenda.in(
        tick / 2 + world.below(tick),
        () -> {
          Hosting hosting = writers.hosting(log, replica);
          if (hosting != null && !isPaused(replica)) {
            act(replica, hosting);
          } else {
            hear(replica);
          }
          tick(replica);
        });
  }

  private boolean isPaused(int replica) {
    SimProcess process = writers.process(writers.holders(log).get(replica));
    return process != null && process.isPaused();
  }

  private void hear(int replica) {
    heard[replica] = world.now();
    patience[replica] = world.between(400_000, 1_200_000);
  }

  private void act(int replica, Hosting hosting) {
    ModelLog own = cluster.log(replica);
    if (own.isElected()) {
      lead(replica, own);
    } else if (world.now() - heard[replica] > patience[replica]) {
      hear(replica);
      cluster.elect(replica);
    }
    poke(replica);
    tellRole(replica, own, hosting);
  }

  private void lead(int replica, ModelLog own) {
    boolean hears = own.isConfirmed() || own.appliedPosition() < own.committed();
    for (int other = 0; other < COPIES; other++) {
      if (other != replica) {
        boolean isNews = cluster.log(other).last() < own.last();
        boolean isAnswered = !isNews || !world.hits(Fault.UNANSWERED_COPY);
        if (cluster.send(replica, other, 1 + world.below(10), isAnswered)) {
          hear(other);
          poke(other);
        }
        if (!own.isElected()) {
          return;
        }
      }
    }
    if (hears || own.isConfirmed()) {
      hear(replica);
    } else if (world.now() - heard[replica] > 1_500_000) { // it finds out late
      world.note("log %d: replica %d gives the lead up", log, replica);
      cluster.stepDown(replica);
    }
  }

  /** Another one leads, whether there is a leader or not. */
  void disturb(int replica) {
    if (!isPaused(replica) && cluster.elect(replica)) {
      world.note("log %d: replica %d wants to lead", log, replica);
      hear(replica);
    }
  }

  private void poke(int replica) {
    Hosting hosting = writers.hosting(log, replica);
    if (hosting != null) {
      hosting.poke();
    }
  }

  private void tellRole(int replica, ModelLog own, Hosting hosting) {
    if (!own.owesRole()) {
      toldAt[replica] = NEVER;
      return;
    }
    if (toldAt[replica] == NEVER) {
      toldAt[replica] =
          world.now() + (world.hits(Fault.LATE_ROLE) ? world.between(0, 3_000_000) : 0);
    }
    if (world.now() >= toldAt[replica]) {
      own.tellRole();
      hosting.requireSound();
    }
  }
}
