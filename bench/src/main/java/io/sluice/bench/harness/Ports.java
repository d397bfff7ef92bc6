package io.sluice.bench.harness;

import java.io.IOException;
import java.util.SplittableRandom;

/** The ports of a box. */
record Ports(int otlpGrpc, int otlpHttp, int flight, int writerAdmin, int acceptorAdmin) {

  /** Ports that were free a moment ago; all are held until the last is known. */
  static Ports free() throws IOException {
    try (HeldPorts held = new HeldPorts(new SplittableRandom())) {
      return new Ports(held.hold(), held.hold(), held.hold(), held.hold(), held.hold());
    }
  }
}
