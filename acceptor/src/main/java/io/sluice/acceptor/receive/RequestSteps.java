package io.sluice.acceptor.receive;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.SlowPaths;
import java.util.List;

/** When a request came to its steps, told if it was slow. By one thread at a time. */
final class RequestSteps {

  private final long startNanos;
  private long begunNanos; // 0 until then, as the next
  private long decodedNanos;

  /**
   * @param startNanos when its last byte came
   */
  RequestSteps(long startNanos) {
    this.startNanos = startNanos;
  }

  void begun(long nanos) {
    begunNanos = nanos;
  }

  void decoded(long nanos) {
    decodedNanos = nanos;
  }

  /** How long it took. */
  long took(long now) {
    return now - startNanos;
  }

  void tell(SlowPaths slow, Came came, Outcome outcome, long bytes, long now) {
    if (slow.isSlow(took(now))) {
      Attributes about =
          Attributes.builder()
              .put("signal", came.signal().name())
              .put("tenant", came.tenant())
              .put("bytes", bytes)
              .put("outcome", outcome.getClass().getSimpleName())
              .build();
      slow.tell("request", took(now), about, parts(now));
    }
  }

  private List<SlowPaths.Part> parts(long now) {
    if (begunNanos == 0) {
      return List.of(new SlowPaths.Part("wait for a worker", took(now)));
    }
    SlowPaths.Part waited = new SlowPaths.Part("wait for a worker", begunNanos - startNanos);
    if (decodedNanos == 0) {
      return List.of(waited, new SlowPaths.Part("decode", now - begunNanos));
    }
    return List.of(
        waited,
        new SlowPaths.Part("decode", decodedNanos - begunNanos),
        new SlowPaths.Part("wait for the Writer", now - decodedNanos));
  }
}
