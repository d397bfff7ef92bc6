package io.sluice.acceptor.route;

import io.sluice.schema.service.HostPort;

/**
 * Where the messages of a log go, until another is put in its place.
 *
 * @param number tells it from those before it, also from the same Writer
 * @param notBeforeNanos from when on to send there, on the monotonic clock
 */
public record Lead(HostPort writer, long number, long notBeforeNanos) {}
