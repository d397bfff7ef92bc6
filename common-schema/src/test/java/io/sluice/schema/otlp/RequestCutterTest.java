package io.sluice.schema.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.slow.SlowWire;
import io.sluice.schema.table.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;

final class RequestCutterTest {

  private static final int SPANS = 100;
  private final RowsToOtlp otlp = new RowsToOtlp(Table.TRACES);

  /** Spans of some services, their names of some bytes. */
  private static ExportTraceServiceRequest spans() {
    Random random = new Random(5);
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    for (int i = 0; i < SPANS; i++) {
      ResourceSpans.Builder resource =
          ResourceSpans.newBuilder()
              .setResource(
                  Resource.newBuilder()
                      .addAttributes(
                          KeyValue.newBuilder()
                              .setKey("service.name")
                              .setValue(AnyValue.newBuilder().setStringValue("s" + i / 30))));
      resource.addScopeSpans(
          ScopeSpans.newBuilder()
              .addSpans(Span.newBuilder().setName(i + "x".repeat(random.nextInt(200)))));
      request.addResourceSpans(resource);
    }
    return request.build();
  }

  /** With the rows given to it in batches of a size, as they are here: the last may be less. */
  private List<byte[]> cut(int records, long bytes, int batch) {
    List<byte[]> requests = new ArrayList<>();
    Plain.request(
        SlowWire.of(spans()),
        otlp,
        rows -> {
          RequestCutter cutter = new RequestCutter(Table.TRACES, records, bytes);
          for (int from = 0; from < SPANS; from += batch) {
            try (VectorSchemaRoot some = rows.slice(from, Math.min(batch, SPANS - from))) {
              for (int at = cutter.add(some, 0);
                  at < some.getRowCount();
                  at = cutter.add(some, at)) {
                requests.add(cutter.take("label " + requests.size()));
              }
            }
          }
          requests.add(cutter.take("label " + requests.size()));
        });
    return requests;
  }

  @Test
  void theSameRowsAreCutIntoTheSameBytesWhateverBatchesTheyComeIn() throws Exception {
    List<byte[]> whole = cut(30, 2_000, SPANS);
    List<ByteString> expected = strings(whole);
    for (int batch : new int[] {1, 7, 30, 99}) {
      assertThat(strings(cut(30, 2_000, batch))).as("batches of %d", batch).isEqualTo(expected);
    }
    List<Span> spans = new ArrayList<>();
    for (byte[] request : whole) {
      ExportTraceServiceRequest parsed = ExportTraceServiceRequest.parseFrom(request);
      List<Span> own =
          parsed.getResourceSpansList().stream()
              .flatMap(resource -> resource.getScopeSpans(0).getSpansList().stream())
              .toList();
      assertThat(own).hasSizeBetween(1, 30);
      assertThat(request).hasSizeLessThan(2_000 + 100); // the label
      spans.addAll(own);
    }
    assertThat(spans)
        .isEqualTo(
            spans().getResourceSpansList().stream()
                .map(resource -> resource.getScopeSpans(0).getSpans(0))
                .toList());
  }

  private static List<ByteString> strings(List<byte[]> requests) {
    return requests.stream().map(ByteString::copyFrom).toList();
  }

  @Test
  void neighboursShareTheirResourceAcrossBatches() throws Exception {
    List<byte[]> one = cut(SPANS, 1 << 20, 9);
    assertThat(one).hasSize(1);
    assertThat(ExportTraceServiceRequest.parseFrom(one.get(0)).getResourceSpansCount())
        .isEqualTo(4);
  }

  @Test
  void aRecordThatIsLargerThanARequestGoesAlone() {
    List<byte[]> requests = cut(30, 10, SPANS);
    assertThat(requests).hasSize(SPANS);
  }

  @Test
  void theLabelIsAFieldThatNoRequestHas() throws Exception {
    byte[] first = cut(30, 2_000, SPANS).get(0);
    ExportTraceServiceRequest parsed = ExportTraceServiceRequest.parseFrom(first);
    assertThat(
            parsed
                .getUnknownFields()
                .getField(RequestCutter.LABEL_FIELD)
                .getLengthDelimitedList()
                .get(0)
                .toString(StandardCharsets.US_ASCII))
        .isEqualTo("label 0");
  }
}
