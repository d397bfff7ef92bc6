package io.sluice.acceptor.receive;

import io.sluice.schema.table.Signal;
import io.sluice.schema.wire.BatchId;

/**
 * A whole request as it came.
 *
 * @param came by which door, whose, and of what
 * @param format in which of OTLP's encodings it is
 * @param encoding how its body is still compressed
 * @param held what it holds of the budget: whoever has the request releases it
 * @param giveUpNanos until when it may be sent on, on the monotonic clock
 */
record Received(
    Came came,
    BatchId.Encoding format,
    Body.Bytes body,
    ContentEncoding encoding,
    Reservation held,
    Arrival arrival,
    long giveUpNanos) {

  /** In protobuf. */
  Received(
      Came came,
      Body.Bytes body,
      ContentEncoding encoding,
      Reservation held,
      Arrival arrival,
      long giveUpNanos) {
    this(came, BatchId.Encoding.PROTOBUF, body, encoding, held, arrival, giveUpNanos);
  }

  String tenant() {
    return came.tenant();
  }

  Signal signal() {
    return came.signal();
  }
}
