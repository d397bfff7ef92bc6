package io.sluice.bench.load;

import io.sluice.schema.table.Signal;

/** One connection to an OTLP endpoint, used by one lane. */
interface Exporter extends AutoCloseable {

  /** Sends the request and waits for its answer; whatever goes wrong on the way is an answer. */
  Answer export(Signal signal, byte[] request) throws InterruptedException;

  @Override
  void close();
}
