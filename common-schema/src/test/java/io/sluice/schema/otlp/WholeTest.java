package io.sluice.schema.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.slow.RandomMessages;
import io.sluice.schema.slow.SlowWire;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Wire rows, plain rows, OTLP: what comes out is what went in. */
class WholeTest {

  private static final long NO_LIMIT = 1 << 30;

  @Property(tries = 120)
  void spansComeBackWhole(@ForAll long seed, @ForAll boolean wild) throws IOException {
    ExportTraceServiceRequest sent =
        new RandomMessages(seed, wild).next(ExportTraceServiceRequest.getDefaultInstance());
    byte[] back = thereAndBack(SlowWire.of(sent), wild);
    assertThat(Records.of(RowsToOtlp.parse(ExportTraceServiceRequest.parser(), back)))
        .isEqualTo(Records.of(sent));
  }

  @Property(tries = 120)
  void logRecordsComeBackWhole(@ForAll long seed, @ForAll boolean wild) throws IOException {
    ExportLogsServiceRequest sent =
        new RandomMessages(seed, wild).next(ExportLogsServiceRequest.getDefaultInstance());
    byte[] back = thereAndBack(SlowWire.of(sent), wild);
    assertThat(Records.of(RowsToOtlp.parse(ExportLogsServiceRequest.parser(), back)))
        .isEqualTo(Records.of(sent));
  }

  @Property(tries = 120)
  void pointsOfEveryKindComeBackWhole(@ForAll long seed, @ForAll boolean wild) throws IOException {
    ExportMetricsServiceRequest sent =
        new RandomMessages(seed, wild).next(ExportMetricsServiceRequest.getDefaultInstance());
    for (Table table : Table.all()) {
      if (table.signal() == Signal.METRICS) {
        byte[] back = thereAndBack(SlowWire.of(table, sent), wild);
        List<List<ByteString>> points =
            Records.of(table, RowsToOtlp.parse(ExportMetricsServiceRequest.parser(), back));
        assertThat(points).isEqualTo(Records.of(table, sent));
      }
    }
  }

  @Property(tries = 120)
  void profilesComeBackWholeWithTheirDictionary(@ForAll long seed, @ForAll boolean wild)
      throws IOException {
    ExportProfilesServiceRequest sent =
        new RandomMessages(seed, wild).next(ExportProfilesServiceRequest.getDefaultInstance());
    byte[] back = thereAndBack(SlowWire.of(sent), wild);
    assertThat(Records.of(RowsToOtlp.parse(ExportProfilesServiceRequest.parser(), back)))
        .isEqualTo(Records.of(sent));
  }

  private static byte[] thereAndBack(SlowWire slow, boolean wild) {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = slow.load(allocator);
        RowExpander expander = new RowExpander(slow.table(), allocator)) {
      int rows = slow.rows();
      int[] ends = rows == 0 ? new int[0] : new int[] {rows};
      WireBatch batch =
          new WireBatch(slow.table(), wire, ends, new long[ends.length], EventTime.DEFAULT);
      assertThat(expander.append(batch, 0, rows, NO_LIMIT)).isEqualTo(rows);
      VectorSchemaRoot plain = expander.finish();
      assertThat(plain.getSchema()).isEqualTo(TableSchema.of(slow.table()).arrow());
      if (!wild) {
        for (String raw : List.of("otlp_raw", "resource_raw", "scope_raw")) {
          FieldVector vector = plain.getVector(raw);
          int nulls = vector == null ? rows : vector.getNullCount(); // profiles are always raw
          assertThat(nulls).as(raw).isEqualTo(rows);
        }
      }
      RowsToOtlp otlp = new RowsToOtlp(slow.table());
      byte[] request = otlp.request(plain);
      assertThat(otlp.mismatchedTypes()).isZero();
      return request;
    }
  }
}
