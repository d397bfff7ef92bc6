package io.sluice.bench.harness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The ports of several Writers and an Acceptor. */
public record ClusterPorts(int otlpGrpc, int otlpHttp, int acceptorAdmin, List<OfWriter> writers) {

  /** Of one of them. */
  public record OfWriter(int flight, int raft, int admin) {}

  public ClusterPorts {
    writers = List.copyOf(writers);
  }

  /** Ports that were free a moment ago; all are held until the last is known. */
  static ClusterPorts free(int writers, RandomGenerator random) throws IOException {
    try (HeldPorts held = new HeldPorts(random)) {
      List<OfWriter> each = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        each.add(new OfWriter(held.hold(), held.hold(), held.hold()));
      }
      return new ClusterPorts(held.hold(), held.hold(), held.hold(), each);
    }
  }
}
