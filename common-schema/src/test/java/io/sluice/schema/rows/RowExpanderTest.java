package io.sluice.schema.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.slow.RandomMessages;
import io.sluice.schema.slow.SlowWire;
import io.sluice.schema.table.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.junit.jupiter.api.Test;

class RowExpanderTest {

  private static final long NO_LIMIT = 1 << 30;
  private static final int MIB = 1 << 20;

  private static List<String> rows(VectorSchemaRoot root) {
    return IntStream.range(0, root.getRowCount())
        .mapToObj(row -> root.getFieldVectors().stream().map(v -> cell(v, row)).toList())
        .map(List::toString)
        .toList();
  }

  private static String cell(FieldVector vector, int row) {
    Object value = vector.getObject(row);
    return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
  }

  private static WireBatch batch(VectorSchemaRoot wire) {
    int rows = wire.getRowCount();
    int[] ends = rows == 0 ? new int[0] : new int[] {rows};
    return new WireBatch(Table.TRACES, wire, ends, new long[ends.length], EventTime.DEFAULT);
  }

  private static List<String> inOrder(WireBatch batch, BufferAllocator allocator) {
    try (RowExpander expander = new RowExpander(Table.TRACES, allocator)) {
      assertThat(expander.append(batch, 0, batch.rows(), NO_LIMIT)).isEqualTo(batch.rows());
      return rows(expander.finish());
    }
  }

  @Property(tries = 100)
  void rowsOfSeveralBatchesComeInTheOrderAskedFor(
      @ForAll long seed, @ForAll @IntRange(min = 200, max = 100_000) int maxBytes) {
    Random random = new Random(seed);
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot first = random(seed).load(allocator);
        VectorSchemaRoot second = random(seed + 1).load(allocator);
        RowExpander expander = new RowExpander(Table.TRACES, allocator)) {
      List<WireBatch> batches = List.of(batch(first), batch(second));
      List<List<String>> expanded = batches.stream().map(b -> inOrder(b, allocator)).toList();
      List<Deque<Integer>> left =
          batches.stream().map(batch -> shuffled(batch.rows(), random)).toList();
      int n = Math.min(100, left.get(0).size() + left.get(1).size());
      WireBatch[] batchOf = new WireBatch[n];
      int[] rowOf = new int[n];
      List<String> expected = new ArrayList<>();
      int from = 0;
      for (int i = 0; i < n; i++) {
        from = random.nextInt(3) == 0 ? 1 - from : from;
        from = left.get(from).isEmpty() ? 1 - from : from;
        batchOf[i] = batches.get(from);
        rowOf[i] = left.get(from).remove();
        expected.add(expanded.get(from).get(rowOf[i]));
      }
      assertThat(windows(expander, batchOf, rowOf, maxBytes)).isEqualTo(expected);
      assertThat(stretches(expander, batchOf, rowOf, maxBytes)).isEqualTo(expected);
    }
  }

  /** Each row once, as nobody asks for one twice, in runs of rows that follow each other. */
  private static Deque<Integer> shuffled(int rows, Random random) {
    List<List<Integer>> runs = new ArrayList<>();
    for (int row = 0; row < rows; ) {
      int end = Math.min(rows, row + 1 + random.nextInt(6));
      runs.add(IntStream.range(row, end).boxed().toList());
      row = end;
    }
    Collections.shuffle(runs, random);
    return runs.stream().flatMap(List::stream).collect(Collectors.toCollection(ArrayDeque::new));
  }

  private static SlowWire random(long seed) {
    return SlowWire.of(
        new RandomMessages(seed, true).next(ExportTraceServiceRequest.getDefaultInstance()));
  }

  /** Appends all in one call per window; every window keeps its limit. */
  private static List<String> windows(
      RowExpander expander, WireBatch[] batchOf, int[] rowOf, int maxBytes) {
    List<String> rows = new ArrayList<>();
    for (int from = 0; from < rowOf.length; ) {
      from += expander.append(batchOf, rowOf, from, rowOf.length, maxBytes);
      rows.addAll(window(expander, maxBytes));
    }
    return rows;
  }

  /** Appends with a call for each stretch that is of one batch. */
  private static List<String> stretches(
      RowExpander expander, WireBatch[] batchOf, int[] rowOf, int maxBytes) {
    List<String> rows = new ArrayList<>();
    for (int from = 0; from < rowOf.length; ) {
      int end = Fitting.stretchEnd(batchOf, from, rowOf.length);
      int taken = expander.append(batchOf[from], rowOf, from, end, maxBytes);
      from += taken;
      if (from < end) {
        rows.addAll(window(expander, maxBytes));
      }
    }
    rows.addAll(window(expander, maxBytes));
    return rows;
  }

  private static List<String> window(RowExpander expander, int maxBytes) {
    assertThat(expander.bytes() <= maxBytes || expander.rows() == 1)
        .as("%d bytes, %d rows of %d", expander.bytes(), expander.rows(), maxBytes)
        .isTrue();
    List<String> rows = rows(expander.finish());
    expander.reset();
    return rows;
  }

  @Property(tries = 15)
  void eachColumnAloneIsTheSameAsAmongAll(
      @ForAll long seed, @ForAll @IntRange(min = 8, max = 300) int maxBytes) {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = random(seed).load(allocator);
        RowExpander all = new RowExpander(Table.TRACES, allocator)) {
      WireBatch batch = batch(wire);
      all.append(batch, 0, batch.rows(), NO_LIMIT);
      for (var vector : all.finish().getFieldVectors()) {
        Set<String> name = Set.of(vector.getName());
        try (RowExpander one = new RowExpander(Table.TRACES, name, allocator)) {
          List<String> rows = new ArrayList<>();
          for (int from = 0; from < batch.rows(); ) {
            from += one.append(batch, from, batch.rows(), maxBytes);
            rows.addAll(window(one, maxBytes));
          }
          assertThat(rows).isEqualTo(rows(new VectorSchemaRoot(List.of(vector))));
        }
      }
    }
  }

  private static SlowWire wide(int rows, int resourceBytes) {
    List<Span> spans =
        IntStream.range(0, rows)
            .mapToObj(i -> Span.newBuilder().setTraceId(ByteString.copyFromUtf8("" + i)).build())
            .toList();
    return SlowWire.of(Otlp.spans(Otlp.attribute("wide", "x".repeat(resourceBytes)), spans));
  }

  @Test
  void wideResourceOfManyRowsIsStreamedInPieces() {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = wide(10_000, MIB).load(allocator);
        BufferAllocator own = allocator.newChildAllocator("window", 0, 64 * MIB);
        RowExpander expander = new RowExpander(Table.TRACES, own)) {
      WireBatch batch = batch(wire);
      int[] rows = IntStream.range(0, batch.rows()).toArray();
      int from = 0;
      for (int window = 0; window < 40; window++) {
        int taken =
            window % 2 == 0
                ? expander.append(batch, from, rows.length, 4 * MIB)
                : expander.append(batch, rows, from, rows.length, 4 * MIB);
        assertThat(taken).isEqualTo(3);
        assertThat(expander.append(batch, from + taken, rows.length, 4 * MIB)).isZero();
        assertThat(expander.bytes()).isBetween(3L * MIB, 4L * MIB);
        assertThat(expander.finish().getVector("trace_id").getObject(0))
            .hasToString(hex("" + from));
        expander.reset();
        from += taken;
      }
    }
  }

  private static String hex(String text) {
    StringBuilder hex = new StringBuilder();
    text.chars().forEach(c -> hex.append(Integer.toHexString(c)));
    return hex.toString();
  }

  @Test
  void rowWiderThanTheLimitIsAWindowOfItsOwn() {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = wide(3, MIB).load(allocator);
        RowExpander expander = new RowExpander(Table.TRACES, allocator)) {
      WireBatch batch = batch(wire);
      assertThat(expander.append(batch, 0, 3, 1000)).isEqualTo(1);
      assertThat(expander.append(batch, 1, 3, 1000)).isZero();
      assertThat(expander.rows()).isEqualTo(1);
    }
  }

  @Test
  void rowsThatAreStillHeldSurviveTheNextWindow() {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = wide(100, 10).load(allocator);
        RowExpander expander = new RowExpander(Table.TRACES, Set.of("trace_id"), allocator)) {
      WireBatch batch = batch(wire);
      expander.append(batch, 0, 1, NO_LIMIT);
      try (ArrowRecordBatch held = new VectorUnloader(expander.finish()).getRecordBatch()) {
        expander.reset();
        expander.append(batch, 50, 100, NO_LIMIT);
        expander.finish();
        assertThat(held.getBuffers().get(2).getByte(0)).isEqualTo((byte) '3');
        assertThat(held.getBuffers().get(2).getByte(1)).isEqualTo((byte) '0');
      }
    }
  }

  @Test
  void finishedWindowTakesNoMoreRows() {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = wide(3, 10).load(allocator);
        RowExpander expander = new RowExpander(Table.TRACES, allocator)) {
      WireBatch batch = batch(wire);
      expander.append(batch, 0, 1, NO_LIMIT);
      expander.finish();
      assertThatThrownBy(() -> expander.append(batch, 1, 2, NO_LIMIT))
          .hasMessageContaining("reset it first");
      expander.reset();
      assertThat(expander.rows()).isZero();
      assertThat(expander.finish().getRowCount()).isZero();
    }
  }
}
