package io.sluice.schema.slow;

import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A struct's values by name: what {@link SlowVectors} sets. */
final class SlowRow {

  final Map<String, Object> values = new LinkedHashMap<>();

  SlowRow with(String name, Object value) {
    values.put(name, value);
    return this;
  }

  SlowRow withAttributes(String name, String typesName, List<KeyValue> attributes) {
    return with(name, SlowText.map(attributes)).with(typesName, SlowText.types(attributes));
  }
}
