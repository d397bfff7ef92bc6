package io.sluice.acceptor.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.CommonProto;
import io.opentelemetry.proto.logs.v1.LogsProto;
import io.opentelemetry.proto.metrics.v1.MetricsProto;
import io.opentelemetry.proto.profiles.v1development.ProfilesProto;
import io.opentelemetry.proto.resource.v1.ResourceProto;
import io.opentelemetry.proto.trace.v1.TraceProto;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The decoder's tags are those of opentelemetry-proto: all of them, and no others. */
class TagsTest {

  @Test
  void tagsOfMessagesAreTheDescriptors() throws ReflectiveOperationException {
    List<Descriptor> common = CommonProto.getDescriptor().getMessageTypes();
    check(CommonTags.AnyValue.class, named(common, "AnyValue"));
    check(CommonTags.ArrayValue.class, named(common, "ArrayValue"));
    check(CommonTags.KeyValueList.class, named(common, "KeyValueList"));
    check(CommonTags.KeyValue.class, named(common, "KeyValue"));
    check(CommonTags.InstrumentationScope.class, named(common, "InstrumentationScope"));
    check(CommonTags.EntityRef.class, named(common, "EntityRef"));
    check(CommonTags.Resource.class, ResourceProto.getDescriptor().getMessageTypes().get(0));
    Descriptor span = named(TraceProto.getDescriptor().getMessageTypes(), "Span");
    check(TraceTags.Span.class, span);
    check(TraceTags.Event.class, named(span.getNestedTypes(), "Event"));
    check(TraceTags.Link.class, named(span.getNestedTypes(), "Link"));
    check(TraceTags.Status.class, named(TraceProto.getDescriptor().getMessageTypes(), "Status"));
    check(LogTags.LogRecord.class, named(LogsProto.getDescriptor().getMessageTypes(), "LogRecord"));
  }

  @Test
  void tagsOfMetricsAreTheDescriptors() throws ReflectiveOperationException {
    List<Descriptor> metrics = MetricsProto.getDescriptor().getMessageTypes();
    check(MetricTags.Metric.class, named(metrics, "Metric"));
    check(MetricTags.NumberDataPoint.class, named(metrics, "NumberDataPoint"));
    check(MetricTags.HistogramDataPoint.class, named(metrics, "HistogramDataPoint"));
    Descriptor exponential = named(metrics, "ExponentialHistogramDataPoint");
    check(MetricTags.ExponentialHistogramDataPoint.class, exponential);
    check(MetricTags.Buckets.class, named(exponential.getNestedTypes(), "Buckets"));
    Descriptor summary = named(metrics, "SummaryDataPoint");
    check(MetricTags.SummaryDataPoint.class, summary);
    check(MetricTags.ValueAtQuantile.class, named(summary.getNestedTypes(), "ValueAtQuantile"));
    check(MetricTags.Exemplar.class, named(metrics, "Exemplar"));
  }

  @Test
  void tagsOfProfilesAreTheDescriptors() throws ReflectiveOperationException {
    List<Descriptor> profiles = ProfilesProto.getDescriptor().getMessageTypes();
    check(ProfileTags.Profile.class, named(profiles, "Profile"));
    check(ProfileTags.ValueType.class, named(profiles, "ValueType"));
    check(ProfileTags.Sample.class, named(profiles, "Sample"));
    check(ProfileTags.ProfilesDictionary.class, named(profiles, "ProfilesDictionary"));
    check(ProfileTags.Mapping.class, named(profiles, "Mapping"));
    check(ProfileTags.Location.class, named(profiles, "Location"));
    check(ProfileTags.Stack.class, named(profiles, "Stack"));
    check(ProfileTags.KeyValueAndUnit.class, named(profiles, "KeyValueAndUnit"));
  }

  /** All that a message has inside is read, and nothing is taken for a message that is none. */
  @Test
  void shapesOfProfilesAreTheDescriptors() {
    List<Descriptor> profiles = ProfilesProto.getDescriptor().getMessageTypes();
    Map<Descriptor, Shape> seen = new HashMap<>();
    check(ProfileShapes.SAMPLE, named(profiles, "Sample"), seen);
    check(ProfileShapes.DICTIONARY, named(profiles, "ProfilesDictionary"), seen);
    assertThat(seen.keySet()).extracting(Descriptor::getName).contains("Line", "KeyValueList");
  }

  private static void check(Shape shape, Descriptor message, Map<Descriptor, Shape> seen) {
    if (seen.put(message, shape) != null) {
      return;
    }
    for (FieldDescriptor field : message.getFields()) {
      Shape inside = shape.field(tag(field));
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        assertThat(inside).as(field.getFullName()).isNotNull();
        check(inside, field.getMessageType(), seen);
      } else {
        Shape expected =
            !field.isPacked()
                ? null
                : field.getType() == FieldDescriptor.Type.FIXED64 ? Shape.FIXED64S : Shape.VARINTS;
        assertThat(inside).as(field.getFullName()).isSameAs(expected);
      }
    }
  }

  @Test
  void groupsHaveTheSameShapeInAllSignals() {
    for (Descriptor request :
        List.of(
            ExportTraceServiceRequest.getDescriptor(),
            ExportLogsServiceRequest.getDescriptor(),
            ExportMetricsServiceRequest.getDescriptor(),
            ExportProfilesServiceRequest.getDescriptor())) {
      boolean profiles = request.getName().equals("ExportProfilesServiceRequest");
      assertThat(request.getFields()).hasSize(profiles ? 2 : 1);
      assertThat(tag(request.findFieldByNumber(profiles ? 2 : 1)))
          .isEqualTo(profiles ? CommonTags.Request.DICTIONARY : CommonTags.Request.RESOURCE_GROUPS);
      FieldDescriptor groups = request.getFields().get(0);
      assertThat(tag(groups)).isEqualTo(CommonTags.Request.RESOURCE_GROUPS);
      List<FieldDescriptor> group = groups.getMessageType().getFields();
      assertThat(group.stream().map(FieldDescriptor::getName).toList())
          .first()
          .isEqualTo("resource");
      assertThat(group.stream().map(TagsTest::tag))
          .containsExactly(
              CommonTags.ResourceGroup.RESOURCE,
              CommonTags.ResourceGroup.SCOPE_GROUPS,
              CommonTags.ResourceGroup.SCHEMA_URL);
      List<FieldDescriptor> scope = group.get(1).getMessageType().getFields();
      assertThat(scope.get(0).getName()).isEqualTo("scope");
      assertThat(scope.stream().map(TagsTest::tag))
          .containsExactly(
              CommonTags.ScopeGroup.SCOPE,
              CommonTags.ScopeGroup.RECORDS,
              CommonTags.ScopeGroup.SCHEMA_URL);
    }
  }

  @Test
  void dataOfMetricsHasTheSameShape() {
    for (MetricKind kind : MetricKind.values()) {
      String name = kind.name().toLowerCase(Locale.ROOT);
      Descriptor metric = named(MetricsProto.getDescriptor().getMessageTypes(), "Metric");
      FieldDescriptor member = metric.findFieldByName(name);
      assertThat(tag(member)).isEqualTo(kind.tag);
      Descriptor data = member.getMessageType();
      Set<Integer> tags = new HashSet<>(Set.of(MetricTags.Points.DATA_POINTS));
      if (kind.temporality) {
        tags.add(MetricTags.Points.AGGREGATION_TEMPORALITY);
      }
      if (kind.monotonic) {
        tags.add(MetricTags.Points.IS_MONOTONIC);
      }
      assertThat(data.getFields().stream().map(TagsTest::tag))
          .containsExactlyInAnyOrderElementsOf(tags);
    }
  }

  private static void check(Class<?> tags, Descriptor message) throws ReflectiveOperationException {
    Set<String> names = new HashSet<>();
    for (Field constant : tags.getDeclaredFields()) {
      String name = constant.getName().toLowerCase(Locale.ROOT);
      FieldDescriptor field = message.findFieldByName(name.replace("_unpacked", ""));
      assertThat(field).as(constant.toString()).isNotNull();
      int tag =
          name.endsWith("_unpacked")
              ? field.getNumber() << 3 | field.getLiteType().getWireType()
              : tag(field);
      assertThat(constant.getInt(null)).as(constant.toString()).isEqualTo(tag);
      names.add(field.getName());
    }
    assertThat(names)
        .containsExactlyInAnyOrderElementsOf(
            message.getFields().stream().map(FieldDescriptor::getName).toList());
  }

  private static int tag(FieldDescriptor field) {
    int wireType =
        field.isPacked() ? WireFormat.WIRETYPE_LENGTH_DELIMITED : field.getLiteType().getWireType();
    return field.getNumber() << 3 | wireType;
  }

  private static Descriptor named(List<Descriptor> types, String name) {
    return types.stream().filter(t -> t.getName().equals(name)).findFirst().orElseThrow();
  }
}
