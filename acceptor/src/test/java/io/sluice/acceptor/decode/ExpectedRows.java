package io.sluice.acceptor.decode;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.profiles.v1development.Profile;
import io.opentelemetry.proto.profiles.v1development.ValueType;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * What the columns of a message should hold, by the names of its fields: an oracle that knows
 * protobuf-java's messages and the wire schema, and nothing of the decoder. Raw columns are left
 * out.
 */
final class ExpectedRows {

  /** One row of a table, runs and all. */
  static Map<String, Object> of(Table table, Flat.Source source) {
    Map<String, Object> row = new LinkedHashMap<>();
    DictionaryOracle dictionary = new DictionaryOracle(source.dictionary());
    Message group = dictionary.resolved(source.group());
    Message scope = dictionary.resolved(source.scope());
    for (Field column : WireSchema.of(table).getFields()) {
      switch (column.getName()) {
        case "resource" -> row.put("resource", group(group, "resource", column));
        case "scope" -> row.put("scope", group(scope, "scope", column));
        case "metric" -> row.put("metric", metric(source.metric(), column));
        default -> {}
      }
    }
    row.putAll(
        source.record() instanceof Profile profile
            ? profile(profile, dictionary)
            : row(source.record(), WireSchema.of(table).getFields()));
    return row;
  }

  private static Map<String, Object> profile(Profile profile, DictionaryOracle dictionary) {
    Map<String, Object> row = new LinkedHashMap<>();
    ValueType sample = profile.getSampleType();
    ValueType period = profile.getPeriodType();
    List<KeyValue> attributes = dictionary.attributes(profile.getAttributeIndicesList());
    row.put("profile_id", plain(profile.getProfileId()));
    row.put("time_unix_nano", profile.getTimeUnixNano());
    row.put("duration_nano", profile.getDurationNano());
    row.put("sample_type", dictionary.text(sample.getTypeStrindex()));
    row.put("sample_unit", dictionary.text(sample.getUnitStrindex()));
    row.put("period_type", dictionary.text(period.getTypeStrindex()));
    row.put("period_unit", dictionary.text(period.getUnitStrindex()));
    row.put("period", profile.getPeriod());
    row.put("sample_count", profile.getSamplesCount());
    row.put("original_payload_format", profile.getOriginalPayloadFormat());
    row.put("original_payload", plain(profile.getOriginalPayload()));
    row.put("dropped_attributes_count", profile.getDroppedAttributesCount());
    row.put("attributes", ValueOracle.map(attributes));
    row.put("attribute_types", ValueOracle.types(attributes));
    return row;
  }

  private static Map<String, Object> group(Message group, String member, Field run) {
    List<Field> columns = new ArrayList<>(run.getChildren().get(1).getChildren());
    columns.removeIf(column -> column.getName().equals("schema_url"));
    FieldDescriptor field = descriptor(group, member);
    Map<String, Object> row = row((Message) group.getField(field), columns);
    if (!group.hasField(field)) {
      row.replaceAll((name, value) -> null);
    }
    row.put("schema_url", get(group, "schema_url"));
    return row;
  }

  private static Map<String, Object> metric(Metric metric, Field run) {
    List<Field> own = new ArrayList<>(run.getChildren().get(1).getChildren());
    List<Field> data = new ArrayList<>(own);
    own.removeIf(
        column ->
            metric.getDescriptorForType().findFieldByName(column.getName()) == null
                && !column.getName().equals("metadata_types"));
    data.removeAll(own);
    Map<String, Object> row = row(metric, own);
    row.putAll(
        row(
            (Message)
                metric.getField(
                    metric.getOneofFieldDescriptor(
                        metric.getDescriptorForType().getOneofs().get(0))),
            data));
    return row;
  }

  private static Map<String, Object> row(Message message, List<Field> columns) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (Field column : columns) {
      String name = column.getName();
      if (!name.equals("raw") && !(column.getType() instanceof ArrowType.RunEndEncoded)) {
        row.put(name, value(message, column));
      }
    }
    return row;
  }

  private static Object value(Message message, Field column) {
    String name = column.getName();
    return switch (name) {
      case "attribute_types" -> types(message, "attributes");
      case "filtered_attribute_types" -> types(message, "filtered_attributes");
      case "metadata_types" -> types(message, "metadata");
      case "status_code" -> of(message, "status", "code");
      case "status_message" -> of(message, "status", "message");
      case "positive_offset" -> of(message, "positive", "offset");
      case "positive_bucket_counts" -> of(message, "positive", "bucket_counts");
      case "negative_offset" -> of(message, "negative", "offset");
      case "negative_bucket_counts" -> of(message, "negative", "bucket_counts");
      case "body" -> ValueOracle.body(message);
      case "body_type" -> ValueOracle.bodyType(message);
      case "value" ->
          has(message, "as_double") || has(message, "as_int") || has(message, "value")
              ? number(message)
              : null;
      case "value_int" -> has(message, "as_int") ? get(message, "as_int") : null;
      default -> field(message, column);
    };
  }

  private static Object field(Message message, Field column) {
    FieldDescriptor field = descriptor(message, column.getName());
    if (field.isRepeated()) {
      List<Object> list = new ArrayList<>();
      for (Object element : (List<?>) message.getField(field)) {
        list.add(element);
      }
      if (column.getType() instanceof ArrowType.Map) {
        return ValueOracle.map(list);
      }
      Field element = column.getChildren().get(0);
      list.replaceAll(e -> e instanceof Message m ? row(m, element.getChildren()) : plain(e));
      return list;
    }
    return field.hasPresence() && !message.hasField(field) ? null : plain(message.getField(field));
  }

  private static Object number(Message message) {
    if (has(message, "as_int")) {
      return (double) (Long) get(message, "as_int");
    }
    return get(message, has(message, "as_double") ? "as_double" : "value");
  }

  private static Object of(Message message, String part, String name) {
    FieldDescriptor field = descriptor(message, part);
    return message.hasField(field) ? get((Message) message.getField(field), name) : null;
  }

  @SuppressWarnings("unchecked")
  private static Object types(Message message, String name) {
    return ValueOracle.types((List<KeyValue>) message.getField(descriptor(message, name)));
  }

  private static boolean has(Message message, String name) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
    return field != null && (!field.hasPresence() || message.hasField(field));
  }

  private static Object get(Message message, String name) {
    return plain(message.getField(descriptor(message, name)));
  }

  private static FieldDescriptor descriptor(Message message, String name) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
    if (field == null) {
      throw new IllegalArgumentException(message.getDescriptorForType() + " has no " + name);
    }
    return field;
  }

  private static Object plain(Object value) {
    if (value instanceof ByteString bytes) {
      return new Bytes(bytes.toByteArray());
    }
    return value instanceof EnumValueDescriptor number ? (Object) number.getNumber() : value;
  }

  private ExpectedRows() {}
}
