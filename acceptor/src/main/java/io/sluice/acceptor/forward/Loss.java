package io.sluice.acceptor.forward;

import java.util.function.BooleanSupplier;

/**
 * A stream was lost with one message on it.
 *
 * @param fallen whether its connection has fallen since: a Writer that stops ends its streams
 *     first, so that this is known for sure only some time later
 */
record Loss(BooleanSupplier fallen, String why) {}
