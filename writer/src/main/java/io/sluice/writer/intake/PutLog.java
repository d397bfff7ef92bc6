package io.sluice.writer.intake;

import io.sluice.wal.DurableLog;
import io.sluice.writer.buffer.Ledger;
import java.util.function.LongSupplier;

/** One log that messages go to. Any thread uses it. */
public final class PutLog {

  private final DurableLog durable;
  private final Persisting persisting;
  private final Refusals refusals;

  /**
   * @param persisting what becomes of its rows
   * @param nanoClock monotonic
   */
  public PutLog(DurableLog durable, Persisting persisting, Ledger ledger, LongSupplier nanoClock) {
    this.durable = durable;
    this.persisting = persisting;
    this.refusals = new Refusals(durable, persisting, ledger, nanoClock);
  }

  DurableLog durable() {
    return durable;
  }

  Persisting persisting() {
    return persisting;
  }

  Refusals refusals() {
    return refusals;
  }
}
