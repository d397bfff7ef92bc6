package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.WireColumns;
import io.sluice.schema.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * One table's rows of the request at hand. Runs of resource and scope begin with the first row that
 * belongs to them, in each part.
 */
final class TableRows {

  private final Table table;
  private final Parts parts;
  private @Nullable WireColumns columns;
  private final PartIdentity identity = new PartIdentity();
  private int scopeStart;
  private int cuts;

  TableRows(Table table, Parts parts) {
    this.table = table;
    this.parts = parts;
  }

  /** Columns that take the next row, in runs of the resource and scope at hand. */
  WireColumns next() {
    WireColumns next = columns;
    if (next != null && next.rows() == Decoded.PART_ROWS) {
      cut(next);
      next = null;
    }
    if (next == null) {
      next = parts.take(table);
      columns = next;
      identity.clear();
    }
    if (!next.inScope()) {
      next.beginScope(parts.group());
      scopeStart = next.rows();
    }
    return next;
  }

  /** The row that was begun is whole. */
  void added(boolean selfIdentifying) {
    if (columns != null) {
      columns.endRow();
    }
    if (selfIdentifying) {
      identity.unique();
    }
    parts.added();
  }

  /** The row that is begun was made then; {@link PartIdentity#made}. */
  void made(long unixNano) {
    identity.made(unixNano);
  }

  void endMetric() {
    if (columns != null) {
      columns.endMetric();
    }
  }

  void endScope() {
    if (columns != null) {
      endScope(columns);
    }
  }

  void endResource() {
    if (columns != null) {
      columns.endResource();
    }
  }

  void finish() {
    if (columns != null && columns.rows() > 0) {
      cut(columns);
    }
    release();
  }

  void release() {
    if (columns != null) {
      parts.give(columns);
      columns = null;
    }
    cuts = 0;
  }

  private void cut(WireColumns full) {
    full.endMetric();
    endScope(full);
    full.endResource();
    full.endRequest();
    columns = null;
    parts.done(new Decoded.Part(table, cuts++, full, identity.known()));
  }

  private void endScope(WireColumns of) {
    if (of.inScope()) {
      parts.expand((of.rows() - scopeStart) * parts.group().bytes());
      of.endScope();
    }
  }
}
