package io.sluice.schema.service;

import io.opentelemetry.api.common.Attributes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The open connections of a gRPC port, counted and bounded. Any thread. */
public final class ConnectionCount {

  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder refused;
  private final LongAdder paused;
  private final LongAdder flooding;
  private final LongAdder silent;
  private final LongAdder untaken;

  /**
   * @param port in the metrics' names, such as {@code sluice.flight}
   */
  public ConnectionCount(int most, String port, Telemetry telemetry) {
    this.most = most;
    this.refused = telemetry.counter(port + ".connections.refused", Attributes.empty());
    this.paused = telemetry.counter(port + ".connections.paused", Attributes.empty());
    this.flooding = telemetry.counter(port + ".connections.flooding", Attributes.empty());
    this.silent = telemetry.counter(port + ".connections.silent", Attributes.empty());
    this.untaken = telemetry.counter(port + ".connections.untaken", Attributes.empty());
    telemetry.gauge(port + ".connections", Attributes.empty(), open::get);
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

  /** Counts how often one was not read on. */
  public LongAdder paused() {
    return paused;
  }

  /** Counts those that were closed for {@link FrameCredit}. */
  public LongAdder flooding() {
    return flooding;
  }

  /** Counts those that ended before their client said anything. */
  public LongAdder silent() {
    return silent;
  }

  /** Counts those that were closed as their clients did not take what was written to them. */
  public LongAdder untaken() {
    return untaken;
  }

  /** One is closed at once for another reason of that kind. */
  public void refuse() {
    refused.increment();
  }
}
