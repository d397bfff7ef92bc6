package io.sluice.lake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How far each log is in a table. As table properties {@code sluice.position.<log-id>} = position
 * (absent = 0), and as one JSON object {@code {"<log-id>":position,...}} in snapshot summaries.
 */
final class Marks {

  private static final String PREFIX = "sluice.position.";
  private static final JsonFactory JSON = new JsonFactory();

  static String property(UUID logId) {
    return PREFIX + logId;
  }

  /** Of a table's properties. */
  static Map<UUID, Long> of(Map<String, String> properties) throws TableLostException {
    Map<UUID, Long> marks = new TreeMap<>();
    for (Map.Entry<String, String> property : properties.entrySet()) {
      if (property.getKey().startsWith(PREFIX)) {
        try {
          UUID logId = UUID.fromString(property.getKey().substring(PREFIX.length()));
          marks.put(logId, Long.parseLong(property.getValue()));
        } catch (IllegalArgumentException e) {
          throw new TableLostException("its property " + property + " is not a mark");
        }
      }
    }
    return marks;
  }

  static String text(Map<UUID, Long> marks) {
    return new TreeMap<>(marks)
        .entrySet().stream()
            .map(mark -> "\"" + mark.getKey() + "\":" + mark.getValue())
            .collect(Collectors.joining(",", "{", "}"));
  }

  static Map<UUID, Long> parse(String text) throws TableLostException {
    Map<UUID, Long> marks = new TreeMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        UUID logId = UUID.fromString(json.currentName());
        json.nextToken();
        marks.put(logId, json.getLongValue());
      }
      return marks;
    } catch (IOException | IllegalArgumentException e) {
      throw new TableLostException("the marks of a snapshot cannot be read: " + text);
    }
  }

  private Marks() {}
}
