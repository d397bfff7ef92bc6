package io.sluice.query.flightsql;

import java.time.Duration;

/**
 * What clients may ask for, all of them together.
 *
 * @param statements at once: running, or waiting to be read, or read
 * @param ofCaller the same of one caller
 * @param prepared kept at once
 * @param kept for how long a prepared statement is that nobody uses
 * @param time of a statement, from its start until its last row is taken
 * @param unread until when the rows of one that has begun must be asked for
 * @param untaken for how long a client may take no rows
 * @param memory in bytes of each: as much for DuckDB, and as much for rows on their way
 * @param disk in bytes of each, for what DuckDB cannot keep in memory
 * @param threads of each
 */
record StatementLimits(
    int statements,
    int ofCaller,
    int prepared,
    Duration kept,
    Duration time,
    Duration unread,
    Duration untaken,
    long memory,
    long disk,
    int threads) {}
