package io.sluice.writer.sim;

import io.sluice.acceptor.route.LeaderSearch;
import io.sluice.acceptor.route.LogRoutes;
import io.sluice.schema.service.HostPort;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Sends batches to the leaders of their logs, until they are stored or nobody waits any more. */
final class SimAcceptor {

  private static final long DEADLINE = 4 * Plan.SECOND;

  final World world;
  final SimWriters writers;
  final int client;
  private final List<SimForward> forwards = new ArrayList<>();

  /** A request whose batches are not all stored yet. */
  static final class Request {
    private final BitSet open = new BitSet();
    private final Consumer<Boolean> told;
    private boolean over;

    Request(List<Sent> batches, Consumer<Boolean> told) {
      batches.forEach(batch -> open.set(batch.number()));
      this.told = told;
    }

    void stored(Sent batch) {
      open.clear(batch.number());
      if (open.isEmpty()) {
        end(true);
      }
    }

    void end(boolean isStored) {
      if (!over) {
        over = true;
        told.accept(isStored);
      }
    }

    boolean isOver() {
      return over;
    }
  }

  /** A batch that a request waits for. */
  record Waiting(Sent batch, Request request) {}

  SimAcceptor(World world, SimWriters writers, int client) {
    this.world = world;
    this.writers = writers;
    this.client = client;
    // Not by placement: where a log is has to be found out.
    LogRoutes routes = new LogRoutes(Collections.nCopies(world.plan.logs, writers.addresses()));
    for (int log = 0; log < world.plan.logs; log++) {
      LeaderSearch search =
          new LeaderSearch(routes.candidates(log), world.nanos(), this::isReachable);
      forwards.add(new SimForward(this, log, search));
    }
  }

  private boolean isReachable(HostPort writer) {
    return writers.reaches(client, writers.writer(writer));
  }

  void begin() {
    forwards.forEach(SimForward::begin);
  }

  /** Told once whether all is stored; if not, a part may be. */
  void take(List<Sent> batches, Consumer<Boolean> told) {
    Request request = new Request(batches, told);
    batches.forEach(batch -> forwards.get(batch.log()).add(new Waiting(batch, request)));
    world.agenda.in(DEADLINE, () -> request.end(false));
  }

  boolean isIdle() {
    return forwards.stream().allMatch(SimForward::isIdle);
  }
}
