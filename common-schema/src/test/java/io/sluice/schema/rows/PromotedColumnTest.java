package io.sluice.schema.rows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.slow.RandomMessages;
import io.sluice.schema.slow.SlowWire;
import io.sluice.schema.table.AttributeSource;
import io.sluice.schema.table.Promotion;
import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;

class PromotedColumnTest {

  private static final long NO_LIMIT = 1 << 30;

  /** The keys of random messages, and one that nothing has. */
  private static final List<String> KEYS =
      List.of("a", "service.name", "GET /x", "né\u20ac\ud83d\ude00", "1", "null", "absent");

  private static final Promotions PROMOTIONS = Promotions.of(everywhere());

  private static List<Promotion> everywhere() {
    List<Promotion> all = new ArrayList<>();
    for (String key : KEYS) {
      for (AttributeSource source : AttributeSource.values()) {
        all.add(new Promotion(source, key));
      }
    }
    return all;
  }

  @Property(tries = 60)
  void promotedValueIsTheMapsEntry(
      @ForAll long seed, @ForAll @IntRange(min = 200, max = 50_000) int maxBytes) {
    Message prototype =
        seed % 2 == 0
            ? ExportTraceServiceRequest.getDefaultInstance()
            : ExportLogsServiceRequest.getDefaultInstance();
    Table table = seed % 2 == 0 ? Table.TRACES : Table.LOGS;
    SlowWire slow = wire(new RandomMessages(seed, true).next(prototype));
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = slow.load(allocator);
        RowExpander expander = new RowExpander(table, PROMOTIONS, allocator)) {
      WireBatch batch = batch(table, wire);
      int[] rows = shuffled(batch.rows(), new Random(seed));
      int windows = 0;
      for (int from = 0; from < rows.length; windows++) {
        from +=
            windows % 2 == 0
                ? expander.append(batch, rows, from, rows.length, maxBytes)
                : expander.append(batches(batch, rows.length), rows, from, rows.length, maxBytes);
        assertThat(expander.bytes() <= maxBytes || expander.rows() == 1).isTrue();
        requireEntries(expander.finish());
        expander.reset();
      }
    }
  }

  private static SlowWire wire(Message message) {
    return message instanceof ExportTraceServiceRequest traces
        ? SlowWire.of(traces)
        : SlowWire.of((ExportLogsServiceRequest) message);
  }

  private static WireBatch[] batches(WireBatch batch, int n) {
    return IntStream.range(0, n).mapToObj(i -> batch).toArray(WireBatch[]::new);
  }

  private static int[] shuffled(int rows, Random random) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
    if (random.nextBoolean()) {
      java.util.Collections.shuffle(all, random);
    }
    return all.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void requireEntries(VectorSchemaRoot plain) {
    for (Promotion promotion : PROMOTIONS.all()) {
      List<String> expected = new ArrayList<>();
      List<String> found = new ArrayList<>();
      for (int row = 0; row < plain.getRowCount(); row++) {
        expected.add(entry(plain, promotion, row));
        found.add(text(plain.getVector(promotion.columnName()).getObject(row)));
      }
      assertThat(found).as(promotion.toString()).isEqualTo(expected);
    }
  }

  /** As Arrow's own reader of maps has it: a list of entries. */
  private static String entry(VectorSchemaRoot plain, Promotion promotion, int row) {
    List<?> entries = (List<?>) plain.getVector(promotion.source().mapColumn()).getObject(row);
    return entries == null
        ? "NULL"
        : entries.stream()
            .map(entry -> (Map<?, ?>) entry)
            .filter(entry -> promotion.key().equals(Objects.toString(entry.get("key"))))
            .map(entry -> text(entry.get("value")))
            .findFirst()
            .orElse("NULL");
  }

  private static String text(Object value) {
    return value == null ? "NULL" : "'" + value + "'";
  }

  @Test
  void absentKeyIsNullAndAnEmptyTextIsKept() {
    ExportTraceServiceRequest several =
        Otlp.spans(Otlp.attribute("zone", "north"), spans(2)).toBuilder()
            .mergeFrom(Otlp.spans(Otlp.attribute("other", "x"), spans(1)))
            .mergeFrom(Otlp.spans(Otlp.attribute("zone", ""), spans(2)))
            .build();
    Promotions zone = Promotions.of(List.of(new Promotion(AttributeSource.RESOURCE, "zone")));
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = SlowWire.of(several).load(allocator);
        RowExpander expander =
            new RowExpander(Table.TRACES, zone, Set.of("resource_zone"), allocator)) {
      WireBatch batch = batch(Table.TRACES, wire);
      int[] rows = {4, 0, 2, 3, 1};
      expander.append(batch, rows, 0, rows.length, NO_LIMIT);
      VectorSchemaRoot plain = expander.finish();
      assertThat(plain.getSchema().getFields()).hasSize(1);
      assertThat(IntStream.range(0, 5).mapToObj(i -> text(plain.getVector(0).getObject(i))))
          .containsExactly("''", "'north'", "NULL", "''", "'north'");
    }
  }

  private static List<Span> spans(int n) {
    return IntStream.range(0, n).mapToObj(i -> Span.getDefaultInstance()).toList();
  }

  private static WireBatch batch(Table table, VectorSchemaRoot wire) {
    int rows = wire.getRowCount();
    int[] ends = rows == 0 ? new int[0] : new int[] {rows};
    return new WireBatch(table, wire, ends, new long[ends.length], EventTime.DEFAULT);
  }
}
