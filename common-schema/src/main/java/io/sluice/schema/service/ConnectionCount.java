package io.sluice.schema.service;

import io.opentelemetry.api.common.Attributes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The open connections of a gRPC port, counted and bounded. Any thread. */
public final class ConnectionCount {

  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder refused;

  /**
   * @param port in the metrics' names, such as {@code sluice.flight}
   */
  public ConnectionCount(int most, String port, Telemetry telemetry) {
    this.most = most;
    this.refused =
        telemetry.counter(
            port + ".connections.refused",
            "{connection}",
            "gRPC connections closed as there were too many.",
            Attributes.empty());
    telemetry.gauge(
        port + ".connections",
        "{connection}",
        "Open gRPC connections.",
        Attributes.empty(),
        open::get);
  }

  /** Whether one more may be open; then {@link #closed} is to be called when it is not any more. */
  public boolean open() {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      refuse();
      return false;
    }
    return true;
  }

  public void closed() {
    open.decrementAndGet();
  }

  /** One is closed at once for another reason of that kind. */
  public void refuse() {
    refused.increment();
  }
}
