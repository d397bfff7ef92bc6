package io.sluice.writer.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Sends requests, and each again until it is stored; for a bounded time, as ids are not remembered
 * for ever.
 */
final class SimClient {

  private static final long REPEATS = 8 * Plan.SECOND;

  private final World world;
  private final Truth truth;
  private final List<SimAcceptor> acceptors;
  private int open;

  SimClient(World world, Truth truth, List<SimAcceptor> acceptors) {
    this.world = world;
    this.truth = truth;
    this.acceptors = acceptors;
  }

  /** Requests come from now on, until it is calm. */
  void begin() {
    world.agenda.in(
        world.around(world.plan.meanRequest),
        () -> {
          if (!world.isCalm()) {
            request(1 + world.below(3));
            begin();
          }
        });
  }

  /** A new request; with as many batches as there are logs, each gets one. */
  void request(int size) {
    List<Sent> batches = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      batches.add(truth.sent(world.below(SimTables.KEYS.size())));
    }
    open++;
    send(batches, world.now());
  }

  private void send(List<Sent> batches, long first) {
    acceptors
        .get(world.below(acceptors.size()))
        .take(batches, isStored -> ended(batches, first, isStored));
  }

  private void ended(List<Sent> batches, long first, boolean isStored) {
    boolean again = !isStored || world.hits(Fault.REPEAT);
    long pause = world.between(10_000, 2 * Plan.SECOND);
    if (again && world.now() + pause < first + REPEATS) {
      world.agenda.in(pause, () -> send(batches, first));
    } else {
      world.tally.add(isStored ? "requests stored" : "requests given up");
      open--;
    }
  }

  /** Whether it waits for nothing. */
  boolean isIdle() {
    return open == 0;
  }
}
