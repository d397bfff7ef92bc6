package io.sluice.schema.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.io.IOException;

/** Natural JSON back to arrays and key-value lists: 1 is an int, 1.0 a double, null no value. */
final class JsonText {

  /** Keys are a client's: a table of them would grow, and fails on keys made to collide. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNestingDepth(RowsToOtlp.MOST_VALUE_LEVELS)
                  .build())
          .build();

  /**
   * @throws IOException if it is not one JSON value, or an int of it has over 64 bits
   */
  static AnyValue parse(String json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      AnyValue value = value(parser, parser.nextToken());
      if (parser.nextToken() != null) {
        throw new IOException("cannot read JSON: more follows its value");
      }
      return value;
    }
  }

  private static AnyValue value(JsonParser parser, JsonToken token) throws IOException {
    AnyValue.Builder value = AnyValue.newBuilder();
    if (token == null) {
      throw new IOException("cannot read JSON: it ends too early");
    }
    switch (token) {
      case START_ARRAY -> value.setArrayValue(array(parser));
      case START_OBJECT -> value.setKvlistValue(object(parser));
      case VALUE_STRING -> value.setStringValue(parser.getText());
      case VALUE_NUMBER_INT -> value.setIntValue(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> value.setDoubleValue(Double.parseDouble(parser.getText()));
      case VALUE_TRUE -> value.setBoolValue(true);
      case VALUE_FALSE -> value.setBoolValue(false);
      case VALUE_NULL -> {}
      default -> throw new IOException("cannot read JSON: unexpected " + token);
    }
    return value.build();
  }

  private static ArrayValue array(JsonParser parser) throws IOException {
    ArrayValue.Builder array = ArrayValue.newBuilder();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      array.addValues(value(parser, t));
    }
    return array.build();
  }

  private static KeyValueList object(JsonParser parser) throws IOException {
    KeyValueList.Builder list = KeyValueList.newBuilder();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      list.addValues(KeyValue.newBuilder().setKey(key).setValue(value(parser, parser.nextToken())));
    }
    return list.build();
  }

  private JsonText() {}
}
