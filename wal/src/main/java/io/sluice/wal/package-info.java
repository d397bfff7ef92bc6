/**
 * The log as the Writer sees it ({@link io.sluice.wal.DurableLog}: append, apply in order, read,
 * release) and its local form ({@link io.sluice.wal.LocalLog}): segments on one disk.
 *
 * <pre>
 * directory: lock  log-id  extent  0000000000000007.wal  0000000000000008.wal  spare-12  spare-13
 *
 * appenders -&gt; AppendQueue -&gt; GroupCommitter (one thread) -&gt; Applier (one thread) -&gt; consumer
 *              DiskBudget     SegmentWriter: one write,       behind: reads the log; live: from memory
 *                             one force a group
 *
 * SegmentPool (one thread): fills spares, recycles released segments; off the path of an append
 * LogRecovery -&gt; SegmentChain (which files) -&gt; TailScan (where the newest ends)
 * WalRepair -&gt; RepairPlan (reads only) -&gt; RepairSources (which files), SegmentSalvage (one segment)
 * </pre>
 *
 * <p>The bytes are known to {@link io.sluice.wal.SegmentHeader}, {@link io.sluice.wal.RecordHeader}
 * and {@link io.sluice.wal.Extent} alone. What is durable is what was forced: a record is applied
 * after its group's force, a file counts once its directory was forced.
 */
package io.sluice.wal;
