package io.sluice.bench.torture;

import io.sluice.bench.harness.ServiceLedgers;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.query.ReadException;
import java.io.IOException;
import java.util.List;

/** The services' ledgers in the storm: one that does not add up is a finding. Any thread. */
final class LedgerChecks implements AutoCloseable {

  private final ServiceLedgers ledgers;
  private final FaultLog log;
  private int read;
  private int unread;

  LedgerChecks(SluiceBox box, FaultLog log) {
    this.ledgers = new ServiceLedgers(box.flight(), box.acceptorStatus());
    this.log = log;
  }

  /** Of both services. */
  void check(String when) throws InterruptedException {
    checkWriter(when);
    checkAcceptor(when);
  }

  /** Of the Writer, if it answers. */
  synchronized void checkWriter(String when) {
    try {
      found(ledgers.writer(), when);
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

  /** Has the Writer persist all it has. */
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
