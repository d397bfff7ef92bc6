package io.sluice.schema.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.slow.SlowWire;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;

class RowsToOtlpTest {

  private static final UnknownFieldSet UNKNOWN =
      UnknownFieldSet.newBuilder()
          .addField(900, UnknownFieldSet.Field.newBuilder().addVarint(5).build())
          .build();

  private final RowsToOtlp otlp = new RowsToOtlp(Table.TRACES);

  private static ResourceSpans group(String resource, String... spans) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (String span : spans) {
      scope.addSpans(Span.newBuilder().setName(span).addAttributes(string("k", "1")));
    }
    return ResourceSpans.newBuilder()
        .setResource(Resource.newBuilder().addAttributes(string("host", resource)))
        .addScopeSpans(scope)
        .build();
  }

  private static KeyValue string(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static SlowWire slow(ResourceSpans... groups) {
    return SlowWire.of(
        ExportTraceServiceRequest.newBuilder().addAllResourceSpans(List.of(groups)).build());
  }

  private static ExportTraceServiceRequest parse(byte[] request) throws IOException {
    return RowsToOtlp.parse(ExportTraceServiceRequest.parser(), request);
  }

  @Test
  void neighboursWithAnEqualResourceShareItOthersDoNot() throws IOException {
    SlowWire slow = slow(group("a", "1"), group("a", "2"), group("b", "3"), group("a", "4"));
    assertThat(parse(Plain.request(slow, otlp, r -> {})))
        .isEqualTo(
            ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(group("a", "1", "2"))
                .addResourceSpans(group("b", "3"))
                .addResourceSpans(group("a", "4"))
                .build());
  }

  @Test
  void rawWinsOverColumns() throws IOException {
    Span other = Span.newBuilder().setName("other").setUnknownFields(UNKNOWN).build();
    byte[] request =
        Plain.request(slow(group("a", "1")), otlp, Plain.set("otlp_raw", 0, other.toByteArray()));
    Span span = parse(request).getResourceSpans(0).getScopeSpans(0).getSpans(0);
    assertThat(span).isEqualTo(other);
  }

  @Test
  void rawOfGroupsWinsOverColumns() throws IOException {
    ResourceSpans resource =
        ResourceSpans.newBuilder().setSchemaUrl("u").setUnknownFields(UNKNOWN).build();
    ScopeSpans scope = ScopeSpans.newBuilder().setSchemaUrl("s").setUnknownFields(UNKNOWN).build();
    byte[] request =
        Plain.request(
            slow(group("a", "1")),
            otlp,
            Plain.set("resource_raw", 0, resource.toByteArray())
                .andThen(Plain.set("scope_raw", 0, scope.toByteArray())));
    Span span = group("a", "1").getScopeSpans(0).getSpans(0);
    assertThat(parse(request))
        .isEqualTo(
            ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(
                    resource.toBuilder().addScopeSpans(scope.toBuilder().addSpans(span)))
                .build());
  }

  @Test
  void bytesThatAreNotUtf8ComeBackAsTheyWere() {
    byte[] raw = {0x2a, 2, (byte) 0xc3, 0x28};
    byte[] request = Plain.request(slow(group("a", "1")), otlp, Plain.set("otlp_raw", 0, raw));
    assertThat(request).endsWith(raw);
    assertThatThrownBy(() -> parse(request)).isInstanceOf(InvalidProtocolBufferException.class);
  }

  @Test
  void typesThatDoNotMatchAreCountedAndNotTrusted() throws IOException {
    SlowWire slow = slow(group("a", "1", "2", "3"));
    byte[] request =
        Plain.request(
            slow,
            otlp,
            Plain.set("attribute_types", 0, "ii")
                .andThen(Plain.set("attribute_types", 1, "y"))
                .andThen(Plain.set("attribute_types", 2, "?")));
    assertThat(parse(request).getResourceSpans(0).getScopeSpans(0).getSpansList())
        .extracting(s -> s.getAttributes(0))
        .containsOnly(string("k", "1"));
    assertThat(otlp.mismatchedTypes()).isEqualTo(3);
  }

  @Test
  void idOrEnumThatIsNoneIsNamedWithItsRow() {
    SlowWire slow = slow(group("a", "1", "2"));
    assertThatThrownBy(() -> Plain.request(slow, otlp, Plain.set("trace_id", 1, "xy")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("trace_id of row 1 is \"xy\"");
    assertThatThrownBy(() -> Plain.request(slow, otlp, Plain.set("kind", 0, "KLIENT")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kind of row 0 is \"KLIENT\"");
  }

  @Test
  void missingColumnIsNamed() {
    assertThatThrownBy(
            () ->
                Plain.request(
                    slow(group("a", "1")),
                    otlp,
                    r -> {
                      var some = r.getFieldVectors().subList(0, 20);
                      new RowsToOtlp(Table.TRACES).request(new VectorSchemaRoot(some));
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void pointsOfARawMetricStandInItsContainerOnce() throws IOException {
    Sum sum =
        Sum.newBuilder()
            .setIsMonotonic(true)
            .setUnknownFields(UNKNOWN)
            .addDataPoints(NumberDataPoint.newBuilder().setAsInt(1))
            .addDataPoints(NumberDataPoint.newBuilder().setAsDouble(2))
            .build();
    Metric metric = Metric.newBuilder().setName("m").setSum(sum).setUnknownFields(UNKNOWN).build();
    ExportMetricsServiceRequest sent =
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)))
            .build();
    byte[] request =
        Plain.request(
            SlowWire.of(Table.METRICS_SUM, sent), new RowsToOtlp(Table.METRICS_SUM), r -> {});
    assertThat(RowsToOtlp.parse(ExportMetricsServiceRequest.parser(), request)).isEqualTo(sent);
    ByteString fields = field(field(field(ByteString.copyFrom(request), 1), 2), 2);
    assertThat(
            UnknownFieldSet.parseFrom(fields)
                .getField(Metric.SUM_FIELD_NUMBER)
                .getLengthDelimitedList())
        .hasSize(1);
    assertThat(fields.endsWith(UNKNOWN.toByteString())).as("the container at its place").isTrue();
  }

  private static ByteString field(ByteString message, int number) throws IOException {
    return UnknownFieldSet.parseFrom(message).getField(number).getLengthDelimitedList().get(0);
  }

  @Test
  void deeplyNestedValuesAreParsed() throws IOException {
    AnyValue value = AnyValue.newBuilder().setIntValue(1).build();
    for (int i = 0; i < 64; i++) {
      AnyValue.Builder outer = AnyValue.newBuilder();
      outer.getKvlistValueBuilder().addValuesBuilder().setKey("k").setValue(value);
      value = outer.build();
    }
    Span span =
        Span.newBuilder()
            .addAttributes(KeyValue.newBuilder().setKey("deep").setValue(value))
            .build();
    ResourceSpans group =
        ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)).build();
    assertThat(parse(Plain.request(slow(group), otlp, r -> {})).getResourceSpans(0))
        .isEqualTo(group);
  }
}
