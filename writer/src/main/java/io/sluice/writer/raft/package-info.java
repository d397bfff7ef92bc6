/**
 * The log's replicated form: one Raft group of Writers per log, run by Apache Ratis. It knows
 * records, not what they mean.
 */
@NullMarked
package io.sluice.writer.raft;

import org.jspecify.annotations.NullMarked;
