package io.sluice.acceptor.forward;

import io.sluice.acceptor.columns.ColumnsPool;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What all streams share.
 *
 * @param pool where gathered rows come from
 * @param workers where messages are built
 * @param nanoClock monotonic, as {@link Batch#giveUpNanos} is
 * @param severalLogs whether others go on when one log does not
 */
record StreamEnvironment(
    Links links,
    ForwardLimits limits,
    ColumnsPool pool,
    Executor workers,
    ScheduledExecutorService timer,
    LongSupplier nanoClock,
    boolean severalLogs) {}
