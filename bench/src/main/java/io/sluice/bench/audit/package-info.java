/**
 * Whether what was acked is in the tables, each record once.
 *
 * <pre>
 * AckLog          notes what a load run sent and what of it was acked; a kill loses nothing noted
 * Ledger          the same, read back
 * Reconciliation  the ledger against the keys seen in the tables: pure, memory of a bit a record
 * TableRows       the rows of the tables, hot and persisted; Sorter gives each to its run
 * Audit           all of it
 * </pre>
 */
@NullMarked
package io.sluice.bench.audit;

import org.jspecify.annotations.NullMarked;
