package io.sluice.acceptor.decode;

/** What a signal's scope groups hold: Span, LogRecord, Metric or Profile. */
interface RecordDecoder {

  /**
   * Reads the record that the reader is in, to its end.
   *
   * @param rejected true if what it belongs to was nested too deep, so that it is only checked
   */
  void record(boolean rejected);
}
