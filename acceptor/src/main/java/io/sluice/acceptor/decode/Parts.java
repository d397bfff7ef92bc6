package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.ByteLimit;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.columns.GroupColumns;
import io.sluice.acceptor.columns.WireColumns;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The rows of one request as they come, by table and cut into parts, and the counts. */
final class Parts {

  private static final long LEAST_SLACK = 1L << 20;
  private static final long MOST_SLACK = 64L << 20;

  private final ColumnsPool pool;
  private final GroupColumns group;
  private final DecodeLimits limits;
  private final Map<Table, TableRows> tables = new EnumMap<>(Table.class);
  private final TableRows[] each; // an array, so that no group costs an iterator
  private final List<Decoded.Part> done = new ArrayList<>();
  private ByteLimit growth = ByteLimit.none();
  private long records;
  private long rejected;
  private long empty;
  private long discarded;
  private long bytes;
  private long expanded;
  private boolean labelled;

  Parts(ColumnsPool pool, GroupColumns group, DecodeLimits limits) {
    this.pool = pool;
    this.group = group;
    this.limits = limits;
    for (Table table : Table.all()) {
      tables.put(table, new TableRows(table, this));
    }
    this.each = tables.values().toArray(TableRows[]::new);
  }

  TableRows rows(Table table) {
    return Objects.requireNonNull(tables.get(table));
  }

  GroupColumns group() {
    return group;
  }

  void begin() {
    long slack = Math.min(MOST_SLACK, Math.max(LEAST_SLACK, limits.columnBytes() / 2));
    growth = new ByteLimit(2 * limits.columnBytes() + slack); // buffers begin with some, and double
    group.limit(growth);
    records = 0;
    rejected = 0;
    empty = 0;
    discarded = 0;
    bytes = 0;
    expanded = 0;
    labelled = false;
  }

  WireColumns take(Table table) {
    return pool.take(table, growth);
  }

  void give(WireColumns columns) {
    pool.give(columns);
  }

  /** A record was added to a table. */
  void added() {
    records++;
    checkRecords();
  }

  /** A record was left out because it, or what it belongs to, is nested too deep. */
  void rejected() {
    rejected++;
    checkRecords();
  }

  /** A group without records, or a metric without points. */
  void empty() {
    empty++;
    checkRecords();
  }

  /** A record was read that does not count. */
  void discarded() {
    discarded++;
    checkRecords();
  }

  /** The request is told apart from all others, whatever its records are. */
  void labelled() {
    labelled = true;
  }

  /** So many bytes more when rows are plain. */
  void expand(long more) {
    expanded += more;
  }

  void done(Decoded.Part part) {
    done.add(part);
    long more = part.columns().bytes();
    bytes += more;
    if (more > limits.partBytes()) {
      throw new RequestTooLargeException(
          "cannot take a request whose %d rows of %s take more than %d bytes in columns"
              .formatted(part.columns().rows(), part.table().tableName(), limits.partBytes()));
    }
    if (bytes > limits.columnBytes()) {
      throw new RequestTooLargeException(
          "cannot take a request of more than " + limits.columnBytes() + " bytes in columns");
    }
    if (bytes + expanded > limits.expandedBytes()) {
      throw new RequestTooLargeException(
          "cannot take a request of more than "
              + limits.expandedBytes()
              + " bytes with resource, scope, metric and dictionary in every row");
    }
  }

  void endScope() {
    for (TableRows rows : each) {
      rows.endScope();
    }
  }

  void endResource() {
    for (TableRows rows : each) {
      rows.endResource();
    }
  }

  /** All rows of the request, which are the caller's from now on. */
  Decoded finish() {
    for (TableRows rows : each) {
      rows.finish();
    }
    if (labelled) { // which may stand behind parts that were cut
      done.replaceAll(Decoded.Part::labelled);
    }
    String reason =
        rejected == 0 ? "" : "records nested deeper than " + limits.valueLevels() + " levels";
    Decoded decoded = new Decoded(List.copyOf(done), records, rejected, reason, empty);
    done.clear();
    return decoded;
  }

  /** Gives back whatever {@link #finish} did not hand out. */
  void release() {
    for (TableRows rows : each) {
      rows.release();
    }
    done.forEach(part -> pool.give(part.columns()));
    done.clear();
  }

  /** Empty groups count, too: they cost time, and bytes do not bound it tightly. */
  private void checkRecords() {
    if (records + rejected + empty + discarded > limits.records()) {
      throw new RequestTooLargeException(
          "cannot take a request of more than " + limits.records() + " records and empty groups");
    }
  }
}
