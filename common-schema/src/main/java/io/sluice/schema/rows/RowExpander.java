package io.sluice.schema.rows;

import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Appends rows of wire batches to a window of plain rows: {@code append* finish} and again after
 * {@link #reset}. Used by one thread. After a failed append (no memory) only reset and close are
 * defined.
 */
public final class RowExpander implements AutoCloseable {

  /** Rows whose bytes are counted together before they are cut: bounds the work done in vain. */
  private static final int CUT = 1024;

  private final VectorSchemaRoot root;
  private final List<RowColumn> columns = new ArrayList<>();
  private final Selection selection;
  private int rows;
  private boolean finished;

  /** With all columns of the table. */
  public RowExpander(Table table, BufferAllocator allocator) {
    this(table, TableSchema.of(table).arrow(), allocator);
  }

  /**
   * With some columns, in the table's order; none is possible: then rows are only counted.
   *
   * @param columns names that the table does not have are passed over
   */
  public RowExpander(Table table, Set<String> columns, BufferAllocator allocator) {
    this(table, TableSchema.of(table).arrow(columns), allocator);
  }

  private RowExpander(Table table, Schema plain, BufferAllocator allocator) {
    this.root = VectorSchemaRoot.create(plain, allocator);
    ColumnPlan plan = new ColumnPlan(table, allocator);
    for (Field field : plain.getFields()) {
      columns.add(plan.column(field));
    }
    this.selection = new Selection(Level.runs(table).toArray(Level[]::new));
  }

  /**
   * Appends {@code rows[from..to)} of a batch, in that order, as long as the window stays within
   * {@code maxBytes}. An empty window takes at least one row, so that a caller always gets on.
   *
   * @return how many rows it took; the caller finishes and resets the window before the rest
   */
  public int append(WireBatch batch, int[] batchRows, int from, int to, long maxBytes) {
    checkOpen();
    long room = maxBytes - bytes();
    int fitting =
        batch.mostPlainBytes(to - from) <= room
            ? to - from
            : fitting(batch, batchRows, from, to, room);
    if (fitting > 0) {
      selection.of(batch, batchRows, from, fitting);
      appendSelected(batch);
    }
    return fitting;
  }

  /** The same for rows that follow each other: {@code fromRow} to before {@code toRow}. */
  public int append(WireBatch batch, int fromRow, int toRow, long maxBytes) {
    checkOpen();
    int fitting = fitting(batch, fromRow, toRow, maxBytes - bytes());
    if (fitting > 0) {
      selection.of(batch, fromRow, fitting);
      appendSelected(batch);
    }
    return fitting;
  }

  private void appendSelected(WireBatch batch) {
    for (RowColumn column : columns) {
      column.append(batch, selection);
    }
    rows += selection.count();
  }

  private int fitting(WireBatch batch, int[] batchRows, int from, int to, long room) {
    long left = room;
    int at = from;
    while (at < to) {
      int first = batchRows[at];
      int n = 1;
      while (at + n < to && n < CUT && batchRows[at + n] == first + n) {
        n++;
      }
      int taken = fittingBlock(batch, first, n, left);
      at += taken;
      if (taken < n) {
        break;
      }
      left -= bytes(batch, first, first + n);
    }
    return atLeastOne(at - from, from, to);
  }

  private int fitting(WireBatch batch, int fromRow, int toRow, long room) {
    long left = room;
    int at = fromRow;
    while (at < toRow) {
      int n = Math.min(CUT, toRow - at);
      int taken = fittingBlock(batch, at, n, left);
      at += taken;
      if (taken < n) {
        break;
      }
      left -= bytes(batch, at - n, at);
    }
    return atLeastOne(at - fromRow, fromRow, toRow);
  }

  private int atLeastOne(int fitting, int from, int to) {
    return fitting == 0 && rows == 0 && from < to ? 1 : fitting;
  }

  /** How many of {@code n} rows from {@code first} fit: found by halving. */
  private int fittingBlock(WireBatch batch, int first, int n, long room) {
    if (bytes(batch, first, first + n) <= room) {
      return n;
    }
    int fit = 0;
    int tooMany = n;
    while (tooMany - fit > 1) {
      int middle = (fit + tooMany) >>> 1;
      if (bytes(batch, first, first + middle) <= room) {
        fit = middle;
      } else {
        tooMany = middle;
      }
    }
    return fit;
  }

  private long bytes(WireBatch batch, int from, int to) {
    long bytes = 0;
    for (RowColumn column : columns) {
      bytes += column.bytes(batch, from, to);
    }
    return bytes;
  }

  /** Rows in the window. */
  public int rows() {
    return rows;
  }

  /** Plain bytes in the window, as they would go over the wire, but for padding. */
  public long bytes() {
    long bytes = 0;
    for (RowColumn column : columns) {
      bytes += column.out().bytes();
    }
    return bytes;
  }

  /**
   * The window's rows, until {@link #reset}. The root is the same every time and this expander's; a
   * root or message made from it by transfer or unload may outlive the reset.
   */
  public VectorSchemaRoot finish() {
    checkOpen();
    List<ArrowFieldNode> nodes = new ArrayList<>();
    List<ArrowBuf> buffers = new ArrayList<>();
    for (RowColumn column : columns) {
      column.out().collect(nodes, buffers);
    }
    try (ArrowRecordBatch batch = new ArrowRecordBatch(rows, nodes, buffers)) {
      new VectorLoader(root).load(batch);
    }
    finished = true;
    return root;
  }

  /** The root that {@link #finish} fills: its schema is the one of the asked columns. */
  public VectorSchemaRoot root() {
    return root;
  }

  private void checkOpen() {
    if (finished) {
      throw new IllegalStateException("cannot add to a finished window of rows (reset it first)");
    }
  }

  /** Starts the next window. */
  public void reset() {
    root.clear();
    for (RowColumn column : columns) {
      column.out().reset();
    }
    rows = 0;
    finished = false;
  }

  @Override
  public void close() {
    root.close();
    for (RowColumn column : columns) {
      column.out().close();
    }
  }
}
