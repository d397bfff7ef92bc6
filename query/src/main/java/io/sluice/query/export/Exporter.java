package io.sluice.query.export;

import io.sluice.schema.table.Signal;
import java.time.Duration;

/** One connection to an OTLP endpoint, used by one thread. */
public interface Exporter extends AutoCloseable {

  /**
   * Connects before its time is measured, as in a program that runs; goes on if that takes long.
   */
  default void connect(Duration most) throws InterruptedException {}

  /**
   * Sends the request and waits for its answer; whatever goes wrong on the way is an answer.
   *
   * @param as which of the headers it is sent with
   */
  Answer export(Signal signal, int as, byte[] request) throws InterruptedException;

  @Override
  void close();
}
