package io.sluice.acceptor.route;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.BatchId;
import java.util.List;

/**
 * Which log takes a batch, and which Writer leads that log. The log is a function of the id alone:
 * that is why a client's retry meets its first. Log n is led by the n-th Writer, modulo their
 * number.
 *
 * @param logs how many logs the cluster has
 */
public record LogRoutes(int logs, List<HostPort> writers) {

  public LogRoutes {
    writers = List.copyOf(writers);
    if (writers.isEmpty() || logs < 1) {
      throw new IllegalArgumentException(
          "cannot route: %d logs on %d Writers".formatted(logs, writers.size()));
    }
  }

  public int log(BatchId id) {
    return id.log(logs);
  }

  public HostPort writer(int log) {
    return writers.get(log % writers.size());
  }
}
