package io.sluice.acceptor.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Signal;
import org.junit.jupiter.api.Test;

/** Ordinary requests: every column is right, and nothing needs its raw bytes. */
class TrafficTest {

  private final Traffic traffic = new Traffic(1);

  @Test
  void spansNeedNoRawBytes() {
    check(Signal.TRACES, traffic.traces(300).toByteArray());
  }

  @Test
  void logsNeedNoRawBytes() {
    check(Signal.LOGS, traffic.logs(300).toByteArray());
  }

  @Test
  void metricsNeedNoRawBytes() {
    check(Signal.METRICS, traffic.metrics(300).toByteArray());
  }

  @Test
  void theDecoderIsGoodForAnotherRequest() {
    try (Decoding decoding = new Decoding()) {
      for (int i = 0; i < 3; i++) {
        assertThat(RoundTrip.check(decoding, Signal.LOGS, traffic.logs(20).toByteArray())).isZero();
        assertThat(RoundTrip.check(decoding, Signal.METRICS, traffic.metrics(90).toByteArray()))
            .isZero();
      }
    }
  }

  private static void check(Signal signal, byte[] request) {
    try (Decoding decoding = new Decoding()) {
      assertThat(RoundTrip.check(decoding, signal, request)).isZero();
    }
  }
}
