package io.sluice.acceptor.route;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Placement;
import io.sluice.schema.wire.BatchId;
import java.util.ArrayList;
import java.util.List;

/**
 * Which log takes a batch, and which Writers may lead that log. The log is a function of the id
 * alone: that is why a client's retry meets its first. Who leads it is found out from the Writers'
 * answers.
 *
 * @param candidates of each log, all Writers in the order in which to try them
 */
public record LogRoutes(List<List<HostPort>> candidates) {

  public LogRoutes {
    candidates = candidates.stream().map(List::copyOf).toList();
    if (candidates.isEmpty() || candidates.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException("cannot route to " + candidates);
    }
  }

  /** Where logs are placed is tried first: they are there unless they were moved. */
  public static LogRoutes of(int logs, List<HostPort> writers, Placement placement) {
    List<List<HostPort>> candidates = new ArrayList<>();
    for (int log = 0; log < logs; log++) {
      List<HostPort> order = new ArrayList<>();
      placement.writers(log).forEach(writer -> order.add(writers.get(writer)));
      writers.stream().filter(writer -> !order.contains(writer)).forEach(order::add);
      candidates.add(order);
    }
    return new LogRoutes(candidates);
  }

  /** All of them. */
  public List<HostPort> writers() {
    return candidates.stream().flatMap(List::stream).distinct().toList();
  }

  public int logs() {
    return candidates.size();
  }

  public int log(BatchId id) {
    return id.log(logs());
  }

  public List<HostPort> candidates(int log) {
    return candidates.get(log);
  }
}
