package io.sluice.acceptor.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ordinary requests: every column is right, and nothing needs its raw bytes. */
class TrafficTest {

  @Test
  void spansBecomeRows() {
    ExportTraceServiceRequest request = new Traffic(1).traces(300);
    try (Decoding decoding = new Decoding()) {
      List<Map<String, Object>> rows =
          decoding.rows(Signal.TRACES, request.toByteArray(), Table.TRACES);
      List<Span> spans = request.getResourceSpans(0).getScopeSpans(0).getSpansList();
      assertThat(rows).hasSameSizeAs(spans);
      for (int i = 0; i < rows.size(); i++) {
        Map<String, Object> expected =
            ExpectedRows.row(spans.get(i), WireSchema.of(Table.TRACES).getFields());
        assertThat(rows.get(i)).containsAllEntriesOf(expected).containsEntry("raw", null);
        Map<String, Object> resource =
            ExpectedRows.row(
                request.getResourceSpans(0).getResource(),
                WireSchema.of(Table.TRACES)
                    .findField("resource")
                    .getChildren()
                    .get(1)
                    .getChildren()
                    .stream()
                    .filter(f -> !f.getName().equals("schema_url"))
                    .toList());
        assertThat(ActualRows.struct(rows.get(i), "resource"))
            .containsAllEntriesOf(resource)
            .containsEntry("schema_url", "https://opentelemetry.io/schemas/1.37.0")
            .containsEntry("raw", null);
      }
    }
  }
}
