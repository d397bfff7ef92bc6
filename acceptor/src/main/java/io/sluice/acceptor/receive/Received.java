package io.sluice.acceptor.receive;

import io.sluice.schema.table.Signal;

/**
 * A request's bytes, decompressed.
 *
 * @param receivedMicros when the last byte came, micros since the epoch
 * @param giveUpNanos until when it may be sent on, on the monotonic clock
 */
record Received(Signal signal, Body.Bytes body, long receivedMicros, long giveUpNanos) {

  byte[] array() {
    return body.array();
  }

  int length() {
    return body.length();
  }
}
