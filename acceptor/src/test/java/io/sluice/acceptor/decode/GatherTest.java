package io.sluice.acceptor.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.acceptor.columns.ByteLimit;
import io.sluice.acceptor.columns.WireColumns;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.junit.jupiter.api.Test;

/** Rows of many requests put together are the rows of each, one after the other. */
class GatherTest {

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void gatheredRowsAreTheRequestsRows(@ForAll Signal signal, @ForAll long seed) {
    Random random = new Random(seed);
    Map<Table, List<Map<String, Object>>> expected = new EnumMap<>(Table.class);
    Map<Table, WireColumns> gathered = new EnumMap<>(Table.class);
    try (Decoding decoding = new Decoding()) {
      for (int i = 0; i < 4; i++) {
        byte[] request =
            new RandomMessages(random, 0.01)
                .message(RoundTrip.prototype(signal), 3, 2)
                .toByteArray();
        Decoded decoded = decoding.decode(signal, request);
        for (Decoded.Part part : decoded.parts()) {
          expected
              .computeIfAbsent(part.table(), t -> new ArrayList<>())
              .addAll(ActualRows.of(part.columns(), decoding.allocator));
          gathered
              .computeIfAbsent(part.table(), t -> decoding.pool.take(t, ByteLimit.none()))
              .appendFrom(part.columns());
        }
        decoding.give(decoded);
      }
      gathered.forEach(
          (table, columns) -> {
            assertThat(ActualRows.of(columns, decoding.allocator)).isEqualTo(expected.get(table));
            assertThat(columns.rows()).isEqualTo(expected.get(table).size());
            decoding.pool.give(columns);
          });
    }
  }

  @Test
  void aBatchOutlivesTheColumnsItWasMadeFrom() {
    try (Decoding decoding = new Decoding()) {
      Decoded decoded = decoding.decode(Signal.LOGS, new Traffic(1).logs(20).toByteArray());
      WireColumns columns = decoded.parts().get(0).columns();
      try (ArrowRecordBatch batch = columns.toRecordBatch()) {
        decoding.give(decoded);
        decoding.pool.close();
        assertThat(batch.getLength()).isEqualTo(20);
        assertThat(batch.computeBodyLength()).isPositive();
      }
    }
  }

  @Test
  void bytesAreThoseOfTheBatch() {
    try (Decoding decoding = new Decoding()) {
      Decoded decoded = decoding.decode(Signal.TRACES, new Traffic(1).traces(50).toByteArray());
      WireColumns columns = decoded.parts().get(0).columns();
      try (ArrowRecordBatch batch = columns.toRecordBatch()) {
        long bytes = batch.getBuffers().stream().mapToLong(b -> b.readableBytes()).sum();
        assertThat(columns.bytes()).isEqualTo(bytes);
      }
      decoding.give(decoded);
    }
  }

  @Test
  void rowsOfAnotherTableAreRefused() {
    try (Decoding decoding = new Decoding()) {
      WireColumns logs = decoding.pool.take(Table.LOGS, ByteLimit.none());
      WireColumns traces = decoding.pool.take(Table.TRACES, ByteLimit.none());
      assertThatThrownBy(() -> logs.appendFrom(traces))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("cannot append traces to logs");
      decoding.pool.give(logs);
      decoding.pool.give(traces);
    }
  }

  @Test
  void columnsComeBackEmptyFromThePool() {
    try (Decoding decoding = new Decoding()) {
      byte[] request = new Traffic(1).traces(10).toByteArray();
      WireColumns first = decoding.decode(Signal.TRACES, request).parts().get(0).columns();
      decoding.pool.give(first);
      WireColumns again = decoding.pool.take(Table.TRACES, ByteLimit.none());
      assertThat(again).isSameAs(first);
      assertThat(again.rows()).isZero();
      decoding.pool.give(again);
    }
  }
}
