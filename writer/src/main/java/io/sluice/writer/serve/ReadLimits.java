package io.sluice.writer.serve;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * When a reader is cut.
 *
 * @param patience how long it may take nothing, and how far it may fall behind the least rate
 * @param nanos a monotonic clock
 * @param cut counts them
 */
public record ReadLimits(Duration patience, LongSupplier nanos, LongAdder cut) {}
