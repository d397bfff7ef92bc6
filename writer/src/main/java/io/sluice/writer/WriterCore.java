package io.sluice.writer;

import io.sluice.schema.page.Latency;
import io.sluice.schema.security.ServiceTls;
import io.sluice.schema.service.Fatal;
import io.sluice.schema.service.Telemetry;
import io.sluice.writer.apply.RowsByChunk;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.persist.Commits;
import io.sluice.writer.persist.Holds;
import io.sluice.writer.persist.HotMemory;
import io.sluice.writer.persist.PersistThreads;
import io.sluice.writer.persist.TenantParts;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What the logs of a Writer have in common.
 *
 * @param commits the last of all logs
 * @param forces how long they took; of logs that this Writer's disk alone has
 * @param nanos a monotonic clock
 * @param fatal told when a part of any of them has died: the process ends
 */
record WriterCore(
    WriterSettings settings,
    ServiceTls tls,
    Telemetry telemetry,
    BufferAllocator allocator,
    Ledger ledger,
    WriterCatalog catalog,
    BatchLoader loader,
    RowsByChunk rowsByChunk,
    HotMemory memory,
    TenantParts parts,
    Holds holds,
    PersistThreads threads,
    Commits commits,
    Latency forces,
    LongSupplier nanos,
    Fatal fatal) {}
