package io.sluice.acceptor.transcode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.acceptor.transcode.Field.Label;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The tables are the descriptors of opentelemetry-proto: all fields, and no others. */
class MessagesTest {

  private static final Map<String, Scalar> HEX =
      Map.of(
          "trace_id", Scalar.TRACE_ID, "span_id", Scalar.SPAN_ID, "parent_span_id", Scalar.SPAN_ID);

  private final Set<String> checked = new HashSet<>();

  @Test
  void tablesAreTheDescriptors() {
    check(TraceMessages.REQUEST, ExportTraceServiceRequest.getDescriptor());
    check(LogMessages.REQUEST, ExportLogsServiceRequest.getDescriptor());
    check(MetricMessages.REQUEST, ExportMetricsServiceRequest.getDescriptor());
    assertThat(checked)
        .contains("opentelemetry.proto.common.v1.AnyValue", "opentelemetry.proto.trace.v1.Span")
        .hasSize(34);
  }

  private void check(Message message, Descriptor type) {
    if (!checked.add(type.getFullName())) {
      return;
    }
    assertThat(message.fields()).as(type.getFullName()).hasSameSizeAs(type.getFields());
    assertThat(type.getRealOneofs()).hasSizeLessThanOrEqualTo(1);
    for (FieldDescriptor expected : type.getFields()) {
      Field field = message.field(expected.getJsonName());
      assertThat(field).as(expected.getFullName()).isNotNull();
      assertThat(message.field(expected.getName())).isSameAs(field);
      assertThat(field.number()).as(expected.getFullName()).isEqualTo(expected.getNumber());
      assertThat(field.label()).as(expected.getFullName()).isEqualTo(label(expected));
      assertThat(field.packed()).as(expected.getFullName()).isEqualTo(expected.isPacked());
      assertThat(field.ordinal()).isLessThan(Long.SIZE);
      checkType(field, expected);
    }
  }

  private void checkType(Field field, FieldDescriptor expected) {
    switch (expected.getType()) {
      case MESSAGE -> check((Message) field.type(), expected.getMessageType());
      case ENUM -> {
        Enumeration names = (Enumeration) field.type();
        assertThat(names.names())
            .isEqualTo(
                expected.getEnumType().getValues().stream()
                    .map(EnumValueDescriptor::getName)
                    .toList());
        expected
            .getEnumType()
            .getValues()
            .forEach(value -> assertThat(value.getNumber()).isEqualTo(value.getIndex()));
      }
      case BYTES ->
          assertThat(field.type())
              .as(expected.getFullName())
              .isEqualTo(HEX.getOrDefault(expected.getName(), Scalar.BYTES));
      default ->
          assertThat(field.type().toString().toLowerCase(Locale.ROOT))
              .as(expected.getFullName())
              .isEqualTo(Objects.toString(expected.getType()).toLowerCase(Locale.ROOT));
    }
  }

  private static Label label(FieldDescriptor field) {
    if (field.isRepeated()) {
      return Label.REPEATED;
    }
    if (field.getRealContainingOneof() != null) {
      return Label.ONEOF;
    }
    boolean optional =
        field.hasPresence() && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE;
    return optional ? Label.OPTIONAL : Label.SINGLE;
  }
}
