package io.sluice.bench.torture;

import java.io.IOException;

/** An object store that the Writer reaches through a link. One thread uses it. */
record LinkedStore(Link link) implements Warehouse {

  private static final long BETWEEN_MILLIS = 150;

  /** New connections are refused, and there are none but new ones. */
  @Override
  public void gone(Fault.Lasting lasting) throws IOException, InterruptedException {
    link.refuse(lasting);
  }

  @Override
  public void resets(Fault.Lasting lasting) throws IOException, InterruptedException {
    Thread resetting = new Thread(this::resetUntilInterrupted, "store-resets");
    resetting.start();
    try {
      lasting.pass();
    } finally {
      resetting.interrupt();
      resetting.join();
    }
  }

  private void resetUntilInterrupted() {
    try {
      while (true) {
        link.reset();
        Thread.sleep(BETWEEN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
