package io.sluice.acceptor.receive;

import io.sluice.schema.table.Signal;

/**
 * A whole request as it came.
 *
 * @param encoding how its body is still compressed
 * @param held what it holds of the budget: whoever has the request releases it
 * @param giveUpNanos until when it may be sent on, on the monotonic clock
 */
record Received(
    Signal signal,
    Body.Bytes body,
    ContentEncoding encoding,
    Reservation held,
    Arrival arrival,
    long giveUpNanos) {}
