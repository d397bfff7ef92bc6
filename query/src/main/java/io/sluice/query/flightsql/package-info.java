/**
 * SQL for other programs: an Arrow Flight SQL endpoint that only reads. {@link
 * io.sluice.query.flightsql.FlightSqlService} wires it, {@code SqlProducer} speaks the protocol,
 * {@code Statements} bounds what runs. Each statement has a session of its own, so that nothing of
 * one is seen by another.
 */
@NullMarked
package io.sluice.query.flightsql;

import org.jspecify.annotations.NullMarked;
