package io.sluice.bench.torture;

import io.sluice.bench.harness.Deployment;
import io.sluice.bench.harness.ServiceLedgers;
import io.sluice.query.ReadException;
import java.io.IOException;
import java.util.List;

/** The services' ledgers in the storm: one that does not add up is a finding. Any thread. */
final class LedgerChecks implements AutoCloseable {

  private final ServiceLedgers ledgers;
  private final FaultLog log;
  private final int writers;
  private int read;
  private int unread;

  LedgerChecks(Deployment box, FaultLog log) {
    this.writers = box.writers().size();
    this.ledgers = new ServiceLedgers(box.flights(), box.acceptorStatus());
    this.log = log;
  }

  /** Of all services. */
  void check(String when) throws InterruptedException {
    for (int place = 0; place < writers; place++) {
      checkWriter(place, when);
    }
    checkAcceptor(when);
  }

  /** Of the Writer at this place, if it answers. */
  synchronized void checkWriter(int place, String when) {
    try {
      found(ledgers.writer(place), when);
    } catch (ReadException e) {
      unread++; // it is away
    }
  }

  /** Of the Acceptor, if it answers. */
  synchronized void checkAcceptor(String when) throws InterruptedException {
    try {
      found(ledgers.acceptor(), when);
    } catch (IOException e) {
      unread++; // it is away
    }
  }

  private void found(List<String> faults, String when) {
    read++;
    faults.forEach(fault -> log.found("%s: %s".formatted(when, fault)));
  }

  /** Has the Writers persist all they have. */
  synchronized void flush() throws ReadException {
    ledgers.flush();
  }

  @Override
  public synchronized String toString() {
    return "ledgers: read %d times, could not be read %d times".formatted(read, unread);
  }

  @Override
  public void close() {
    ledgers.close();
  }
}
