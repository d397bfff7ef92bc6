/**
 * Load over real OTLP: lanes that each send one request after the other, and retry as exporters do.
 *
 * <pre>
 * Load            starts the lanes, prints progress, reports
 * Lane            makes a request, notes it as sent, exports it, notes how it ended
 * Turns           whose headers a request has
 * Pacer           when the next request is due
 * </pre>
 */
@NullMarked
package io.sluice.bench.load;

import org.jspecify.annotations.NullMarked;
