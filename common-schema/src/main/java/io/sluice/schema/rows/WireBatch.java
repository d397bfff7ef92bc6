package io.sluice.schema.rows;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.WireSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * Wire rows of one table, with what sorting and partitioning need of each row, without expanding
 * it. Immutable, so any number of threads may read it; valid as long as the memory below it, which
 * stays the caller's.
 */
public final class WireBatch {

  private static final long DAY_MICROS = 86_400_000_000L;

  private final Table table;
  private final int rows;
  private final Runs[] runs = new Runs[Level.COUNT];
  private final Source[] structs = new Source[Level.COUNT];
  private final Runs ranges;
  private final long[] received;
  private final ServiceNames serviceNames;
  private final TimeOfRow time;
  private final PlainSize size;

  /**
   * @param rangeEndRows for each range of rows that came together, the row after its last; strictly
   *     growing, the last is the number of rows
   * @param receivedMicros for each range when it was received, in micros since the epoch
   * @throws IllegalArgumentException if the root is not of this table's wire schema
   */
  public WireBatch(
      Table table,
      VectorSchemaRoot root,
      int[] rangeEndRows,
      long[] receivedMicros,
      EventTime eventTime) {
    this(table, checked(table, root), rangeEndRows, receivedMicros, eventTime);
  }

  /**
   * Rows in the bytes of a record batch, which stay as they are as long as it is used.
   *
   * @param body address of the first of its bytes
   * @throws MalformedMessageException it is none of the table's wire schema, or points outside
   *     itself
   * @throws IndexOutOfBoundsException its header does
   */
  public static WireBatch read(
      Table table,
      RecordBatch header,
      long body,
      long bodyBytes,
      int[] rangeEndRows,
      long[] receivedMicros,
      EventTime eventTime)
      throws MalformedMessageException {
    Source rows = BatchReader.read(table, header, body, bodyBytes);
    return new WireBatch(table, rows, rangeEndRows, receivedMicros, eventTime);
  }

  private WireBatch(
      Table table, Source all, int[] rangeEndRows, long[] receivedMicros, EventTime eventTime) {
    checkRanges(all.values, rangeEndRows, receivedMicros);
    this.table = table;
    this.rows = all.values;
    this.ranges = new Runs(rangeEndRows.clone());
    this.received = receivedMicros.clone();
    Arrays.fill(runs, Runs.NONE);
    Arrays.fill(structs, all);
    List<Level> levels = Level.runs(table);
    long widestRuns = 0;
    for (int i = 0; i < levels.size(); i++) {
      Level level = levels.get(i);
      Source each = all.children[i];
      runs[level.slot] = Objects.requireNonNull(each.runs);
      structs[level.slot] = each;
      widestRuns += PlainSize.widest(each, runs(level).count());
    }
    this.serviceNames = ServiceNames.of(runs(Level.RESOURCE).count(), struct(Level.RESOURCE));
    this.time = TimeOfRow.of(table, all, eventTime);
    this.size =
        new PlainSize(
            Arrays.copyOfRange(all.children, levels.size(), all.children.length), rows, widestRuns);
  }

  private static Source checked(Table table, VectorSchemaRoot root) {
    if (!root.getSchema().getFields().equals(WireSchema.of(table).getFields())) {
      throw new IllegalArgumentException(
          "cannot read rows of %s: their schema is not version %d of its wire schema: %s"
              .formatted(table, WireSchema.VERSION, root.getSchema()));
    }
    return Source.of(table, root);
  }

  private static void checkRanges(int rows, int[] ends, long[] received) {
    boolean whole =
        ends.length == received.length && (ends.length == 0 ? 0 : ends[ends.length - 1]) == rows;
    int last = 0;
    for (int end : ends) {
      whole &= end > last;
      last = end;
    }
    if (!whole) {
      throw new IllegalArgumentException(
          "cannot read %d rows in ranges: ends %s, %d received times"
              .formatted(rows, Arrays.toString(ends), received.length));
    }
  }

  public Table table() {
    return table;
  }

  public int rows() {
    return rows;
  }

  /** The row's {@code time}: micros since the epoch. */
  public long timeMicros(int row) {
    return time.micros(row, receivedMicros(row));
  }

  public TimeSource timeSource(int row) {
    return time.source(row, receivedMicros(row));
  }

  /** The row's {@code ingest_time}: micros since the epoch. */
  public long receivedMicros(int row) {
    return received[ranges.of(row)];
  }

  /** The row's partition: days from the epoch to its time. */
  public int day(int row) {
    return (int) Math.floorDiv(timeMicros(row), DAY_MICROS);
  }

  /** UTF-8, to be compared as unsigned bytes and not to be changed; null if there is none. */
  public byte @Nullable [] serviceName(int row) {
    return serviceNames.ofRun(resourceRun(row));
  }

  /** From 0 to {@code shards - 1}, by the service name alone: the same in every process. */
  public int shard(int row, int shards) {
    return (int) Long.remainderUnsigned(serviceNames.hashOfRun(resourceRun(row)), shards);
  }

  /** UTF-8, a copy. */
  public byte[] metricName(int row) {
    return struct(Level.METRIC).children[0].bytesAt(metricRun(row));
  }

  /** Rows with an equal run have one resource. */
  public int resourceRun(int row) {
    return runs(Level.RESOURCE).of(row);
  }

  /** Rows with an equal run are points of one metric. */
  public int metricRun(int row) {
    return runs(Level.METRIC).of(row);
  }

  /** Those of its runs as the structs of what each run has. */
  Source[] columns() {
    return struct(Level.ROW).children;
  }

  PlainSize size() {
    return size;
  }

  Runs runs(Level level) {
    return runs[level.slot];
  }

  /** What the columns of a level are children of; indexed by row or by run. */
  Source struct(Level level) {
    return structs[level.slot];
  }

  Runs ranges() {
    return ranges;
  }

  long receivedOfRange(int range) {
    return received[range];
  }

  ServiceNames serviceNames() {
    return serviceNames;
  }

  TimeOfRow time() {
    return time;
  }
}
