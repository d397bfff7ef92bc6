package io.sluice.acceptor.columns;

import io.sluice.schema.table.Table;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Columns that wait for their next use, so that at a steady rate nothing is allocated. Any thread
 * may take and give.
 */
public final class ColumnsPool implements AutoCloseable {

  private final BufferAllocator allocator;
  private final long seed;
  private final int idlePerTable;
  private final long idleBytes;
  private final Map<Table, Deque<WireColumns>> idle = new EnumMap<>(Table.class);
  private boolean closed;

  /**
   * @param seed random: keys of maps are hashed with it
   * @param idlePerTable how many of a table are kept
   * @param idleBytes columns that hold more memory than this are not kept
   */
  public ColumnsPool(BufferAllocator allocator, long seed, int idlePerTable, long idleBytes) {
    this.allocator = allocator;
    this.seed = seed;
    this.idlePerTable = idlePerTable;
    this.idleBytes = idleBytes;
    for (Table table : Table.all()) {
      idle.put(table, new ArrayDeque<>(idlePerTable));
    }
  }

  /** Empty columns, to be given back. */
  public WireColumns take(Table table, ByteLimit limit) {
    WireColumns columns;
    synchronized (this) {
      columns = idle(table).pollLast();
    }
    if (columns == null) {
      columns = WireColumns.open(table, allocator, seed);
    }
    columns.limit(limit);
    return columns;
  }

  /** Takes columns back; whoever gives them must not use them any more. */
  public void give(WireColumns columns) {
    if (columns.capacity() <= idleBytes) {
      columns.reset();
      synchronized (this) {
        Deque<WireColumns> waiting = idle(columns.table());
        if (!closed && waiting.size() < idlePerTable) {
          waiting.addLast(columns);
          return;
        }
      }
    }
    columns.close();
  }

  /** Columns for the resource and scope at hand, of the same memory; the caller closes them. */
  public GroupColumns newGroup() {
    return GroupColumns.open(allocator, seed);
  }

  /**
   * Memory for a message of so many bytes, of the same; the caller closes it.
   *
   * @throws org.apache.arrow.memory.OutOfMemoryException there is none
   */
  public ArrowBuf newBuffer(long bytes) {
    return allocator.buffer(bytes);
  }

  /** For the keys of maps inside values. */
  public KeySet newKeySet() {
    return new KeySet(seed);
  }

  /** Frees what waits; columns given back later are freed then. */
  @Override
  public synchronized void close() {
    closed = true;
    for (Deque<WireColumns> waiting : idle.values()) {
      waiting.forEach(WireColumns::close);
      waiting.clear();
    }
  }

  private Deque<WireColumns> idle(Table table) {
    return Objects.requireNonNull(idle.get(table));
  }
}
