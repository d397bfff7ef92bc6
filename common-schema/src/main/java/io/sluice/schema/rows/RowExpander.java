package io.sluice.schema.rows;

import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
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

  private final VectorSchemaRoot root;
  private final List<RowColumn> columns = new ArrayList<>();
  private final Fitting fitting;
  private final Selection selection;
  private int rows;
  private boolean finished;

  /** With all columns of a table without promoted ones. */
  public RowExpander(Table table, BufferAllocator allocator) {
    this(table, Promotions.NONE, allocator);
  }

  /** With all columns of a table. */
  public RowExpander(Table table, Promotions promotions, BufferAllocator allocator) {
    this(table, promotions, promotions.arrow(table), allocator);
  }

  /**
   * With some columns, in the table's order; none is possible: then rows are only counted.
   *
   * @param columns names that the table does not have are passed over
   */
  public RowExpander(Table table, Set<String> columns, BufferAllocator allocator) {
    this(table, Promotions.NONE, columns, allocator);
  }

  /** The same for a table with promoted columns. */
  public RowExpander(
      Table table, Promotions promotions, Set<String> columns, BufferAllocator allocator) {
    this(table, promotions, promotions.arrow(table, columns), allocator);
  }

  private RowExpander(Table table, Promotions promotions, Schema plain, BufferAllocator allocator) {
    this.root = VectorSchemaRoot.create(plain, allocator);
    this.fitting = new Fitting(columns, promotions.all().size());
    ColumnPlan plan = new ColumnPlan(table, promotions, allocator);
    for (Field field : plain.getFields()) {
      columns.add(plan.column(field));
    }
    this.selection = new Selection(Level.runs(table).toArray(Level[]::new));
  }

  /**
   * Appends {@code batchRows[from..to)} of a batch, none of them twice, in that order, as long as
   * the window stays within {@code maxBytes}. An empty window takes at least one row, so that a
   * caller always gets on.
   *
   * @return how many rows it took; the caller finishes and resets the window before the rest
   */
  public int append(WireBatch batch, int[] batchRows, int from, int to, long maxBytes) {
    int n = atLeastOne(fitting.count(batch, batchRows, from, to, room(maxBytes)), from, to);
    selection.clear(n);
    if (n > 0) {
      selection.add(batch, batchRows, from, n);
      appendSelected();
    }
    return n;
  }

  /** The same for rows that follow each other: {@code fromRow} to before {@code toRow}. */
  public int append(WireBatch batch, int fromRow, int toRow, long maxBytes) {
    int n = atLeastOne(fitting.count(batch, fromRow, toRow, room(maxBytes)), fromRow, toRow);
    selection.clear(n);
    if (n > 0) {
      selection.add(batch, fromRow, n);
      appendSelected();
    }
    return n;
  }

  /**
   * The same for rows of several batches: {@code rowOf[i]} of {@code batchOf[i]}. Where batches
   * alternate, a window in one call is several times as fast as a call for each stretch.
   */
  public int append(WireBatch[] batchOf, int[] rowOf, int from, int to, long maxBytes) {
    int n = atLeastOne(fitting.count(batchOf, rowOf, from, to, room(maxBytes)), from, to);
    selection.clear(n);
    for (int at = from; at < from + n; ) {
      int end = Fitting.stretchEnd(batchOf, at, from + n);
      selection.add(batchOf[at], rowOf, at, end - at);
      at = end;
    }
    appendSelected();
    return n;
  }

  private long room(long maxBytes) {
    checkOpen();
    return maxBytes - bytes();
  }

  private int atLeastOne(int fit, int from, int to) {
    return fit == 0 && rows == 0 && from < to ? 1 : fit;
  }

  private void appendSelected() {
    for (RowColumn column : columns) {
      selection.appendTo(column);
    }
    rows += selection.rows();
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
