package io.sluice.acceptor.columns;

import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table in the layout of {@link WireSchema}: filled by the decoder, or gathered from
 * others, then sent as one record batch. One thread at a time owns it. {@link ColumnsPool} makes
 * it.
 */
public final class WireColumns {

  private final Table table;
  private final BufferSource source;
  private final Shared shared;
  private final StructColumn fields;
  private final RunsColumn resource;
  private final RunsColumn scope;
  private final @Nullable RunsColumn metric;
  private final @Nullable RunsColumn dictionary;
  private final @Nullable MetricColumns metricColumns;
  private final RecordColumns records;
  private int rows;

  private WireColumns(Table table, BufferSource source, long seed) {
    this.table = table;
    this.source = source;
    shared = new Shared(source, seed);
    fields = new StructColumn(source, WireSchema.of(table).getFields());
    resource = fields.runs("resource");
    scope = fields.runs("scope");
    metric = table.signal() == Signal.METRICS ? fields.runs("metric") : null;
    metricColumns = metric == null ? null : new MetricColumns(metric.values(), shared);
    dictionary = table.signal() == Signal.PROFILES ? fields.runs("dictionary") : null;
    records =
        switch (table) {
          case TRACES -> new SpanColumns(fields, shared);
          case LOGS -> new LogRecordColumns(fields, shared);
          case METRICS_GAUGE, METRICS_SUM -> new NumberColumns(fields, shared);
          case METRICS_HISTOGRAM -> new HistogramColumns(fields, shared);
          case METRICS_EXPONENTIAL_HISTOGRAM -> new ExponentialHistogramColumns(fields, shared);
          case METRICS_SUMMARY -> new SummaryColumns(fields, shared);
          case PROFILES -> new ProfileColumns(fields, shared);
        };
  }

  static WireColumns open(Table table, BufferAllocator allocator, long seed) {
    BufferSource source = new BufferSource(allocator);
    try {
      return new WireColumns(table, source, seed);
    } catch (RuntimeException e) {
      source.close(); // out of memory on the way
      throw e;
    }
  }

  public Table table() {
    return table;
  }

  /** Rows that are whole. */
  public int rows() {
    return rows;
  }

  /** Bytes of a record batch's body with these rows, without its padding. */
  public long bytes() {
    return fields.bytes();
  }

  /** Bytes of memory it holds, on the heap and off it. */
  public long capacity() {
    return source.capacity() + shared.capacity();
  }

  /**
   * Adds all rows of another of the same table, which stays as it is. After an exception (out of
   * memory, beyond 2^31 bytes in a column) this is good for nothing but to be given back.
   */
  public void appendFrom(WireColumns other) {
    if (other.table != table) {
      throw new IllegalArgumentException("cannot append " + other.table + " to " + table);
    }
    fields.append(other.fields);
    rows += other.rows;
    fields.finish(rows);
  }

  /**
   * The rows as a record batch, to be closed by the caller. It shares the buffers: nothing may be
   * written here, and this not be given back, before it is sent and closed.
   */
  public ArrowRecordBatch toRecordBatch() {
    List<ArrowFieldNode> nodes = new ArrayList<>();
    List<ArrowBuf> buffers = new ArrayList<>();
    fields.collectFields(nodes, buffers);
    return new ArrowRecordBatch(rows(), nodes, buffers);
  }

  /** The records' own columns, by name. */
  public RecordColumns records() {
    return records;
  }

  /**
   * Begins runs of the group's resource (unless that of this resource is open) and scope; of
   * profiles also of the request's dictionary, unless it is open.
   */
  public void beginScope(GroupColumns group) {
    if (dictionary != null && !dictionary.open()) {
      dictionary.begin(group.dictionary());
    }
    if (!resource.open()) {
      resource.begin(group.resource());
    }
    scope.begin(group.scope());
  }

  /** True while a scope's run waits for its end. */
  public boolean inScope() {
    return scope.open();
  }

  public void endScope() {
    scope.end(rows());
  }

  public void endResource() {
    resource.end(rows());
  }

  /** No more rows of this request come; until now columns may lack rows that have no value. */
  public void endRequest() {
    if (dictionary != null) {
      dictionary.end(rows());
    }
    fields.finish(rows);
  }

  /** The record being written is whole: one row more. */
  public void endRow() {
    rows++;
  }

  /** Where the metric is written that the next points belong to, as one row, ended by endMetric. */
  public MetricColumns metric() {
    if (metricColumns == null || metric == null) {
      throw new IllegalStateException("no metrics in " + table);
    }
    metric.begin();
    return metricColumns;
  }

  public void endMetric() {
    if (metric != null && !metric.end(rows())) {
      shared.cut();
    }
  }

  /** Drops a metric half written. */
  public void dropMetric() {
    if (metric != null) {
      metric.drop();
      shared.cut();
    }
  }

  /** True while a metric's run waits for its end. */
  public boolean inMetric() {
    return metric != null && metric.open();
  }

  /** Drops records, whole or half written, beyond so many rows; open runs stay open. */
  public void truncate(int rows) {
    this.rows = rows;
    fields.truncate(rows);
    shared.cut();
  }

  void limit(ByteLimit limit) {
    source.limit(limit);
  }

  void reset() {
    rows = 0;
    fields.reset();
    shared.cut();
  }

  void close() {
    source.close();
  }
}
