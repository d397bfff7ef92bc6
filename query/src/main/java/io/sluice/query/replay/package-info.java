/**
 * Rows go back to OTLP and to an endpoint.
 *
 * <pre>
 * Replay           reads piece by piece, cuts requests, has them sent
 * ReplayOptions    what, where to, how fast
 * Checkpoint       how far it is; CheckpointFile keeps it, and KeptRows what was hot when it began
 * Senders          a few requests under way, each until it is answered for good
 * Tally            what was answered, in the order of the rows
 * Pace             so many records a second
 * </pre>
 */
@NullMarked
package io.sluice.query.replay;

import org.jspecify.annotations.NullMarked;
