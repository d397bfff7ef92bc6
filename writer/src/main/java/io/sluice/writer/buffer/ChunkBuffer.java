package io.sluice.writer.buffer;

import io.sluice.schema.table.Table;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * All hot rows of one log. The apply thread adds and publishes how far it is; everybody else only
 * reads that, so that a seal never passes what was applied with no gap.
 */
public final class ChunkBuffer implements AutoCloseable {

  private final Map<TableKey, TableBuffer> tables = new ConcurrentHashMap<>();
  private final ToLongFunction<TableKey> marks;
  private final SealPolicy policy;
  private final LongSupplier nanos;
  private volatile long applied;

  /**
   * @param marks the position that a table held of this log when the process started
   * @param nanos a monotonic clock
   */
  public ChunkBuffer(ToLongFunction<TableKey> marks, SealPolicy policy, LongSupplier nanos) {
    this.marks = marks;
    this.policy = policy;
    this.nanos = nanos;
  }

  public TableBuffer table(TableKey key) {
    return tables.computeIfAbsent(key, k -> new TableBuffer(k, marks.applyAsLong(k)));
  }

  public Optional<TableBuffer> find(String tenant, Table table) {
    return Optional.ofNullable(tables.get(new TableKey(tenant, table)));
  }

  public Collection<TableBuffer> tables() {
    return tables.values();
  }

  /** Apply thread only: takes over the batch. */
  public void add(TableKey key, HotBatch batch, Map<ChunkKey, int[]> rowsByChunk) {
    table(key).add(batch, rowsByChunk, nanos.getAsLong());
  }

  /** Apply thread only: the record at this position is decided and its rows are readable. */
  public void applied(long position) {
    applied = position;
  }

  public long applied() {
    return applied;
  }

  /** Seals what the policy says is complete. */
  public boolean sealComplete() {
    boolean any = false;
    for (TableBuffer table : tables.values()) {
      any |= table.sealIf(policy, applied, nanos.getAsLong());
    }
    return any;
  }

  /** Seals a table's rows, all that were applied when it was called; the position they end at. */
  public long seal(TableBuffer table) {
    table.seal(applied);
    return table.unpersistedTo();
  }

  /** Memory runs short: seals the largest open set. */
  public boolean sealLargest() {
    return tables.values().stream()
        .max(Comparator.comparingLong(TableBuffer::openBytes))
        .map(table -> table.seal(applied))
        .orElse(false);
  }

  /** Frees persisted rows that were kept long enough for readers. */
  public long release(long graceNanos) {
    long now = nanos.getAsLong();
    return tables.values().stream().mapToLong(table -> table.release(now, graceNanos)).sum();
  }

  /** The log is not needed at or below this position by any table. */
  public long releasePoint() {
    long upTo = applied;
    List<TableBuffer> all = List.copyOf(tables.values());
    for (TableBuffer table : all) {
      upTo = Math.min(upTo, table.owedAfter(upTo));
    }
    return upTo;
  }

  public long bytes() {
    return tables.values().stream().mapToLong(TableBuffer::bytes).sum();
  }

  public long hotRows() {
    return tables.values().stream().mapToLong(TableBuffer::hotRows).sum();
  }

  @Override
  public void close() {
    tables.values().forEach(TableBuffer::free);
  }
}
