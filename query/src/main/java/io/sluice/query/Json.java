package io.sluice.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as maps, lists, strings, booleans and null; numbers as their text. Small answers only:
 * jackson-databind would do it, at a fifth of a second of start-up.
 */
final class Json {

  private static final int MAX_DEPTH = 10_000;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  static @Nullable Object parse(byte[] json) throws IOException {
    try (JsonParser in = FACTORY.createParser(json)) {
      in.nextToken();
      return value(in);
    }
  }

  /** The object's fields; none if it is no object. */
  static Map<?, ?> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  /** The text of a string, number or boolean; empty for anything else. */
  static String text(@Nullable Object value) {
    return value instanceof String || value instanceof Boolean ? value.toString() : "";
  }

  private static @Nullable Object value(JsonParser in) throws IOException {
    JsonToken token = in.currentToken();
    if (token == null) {
      throw new IOException("cannot read JSON: it ends early");
    }
    return switch (token) {
      case START_OBJECT -> objectOf(in);
      case START_ARRAY -> listOf(in);
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> in.getText();
    };
  }

  private static Map<String, @Nullable Object> objectOf(JsonParser in) throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      map.put(name, value(in));
    }
    return map;
  }

  private static List<@Nullable Object> listOf(JsonParser in) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(in));
    }
    return list;
  }

  private Json() {}
}
