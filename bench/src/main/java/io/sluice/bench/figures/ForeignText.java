package io.sluice.bench.figures;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request in other scripts: in all texts but keys, units and schema URLs, of three words that
 * follow each other one becomes Cyrillic (two bytes a letter), one Chinese (three), one stays; a z
 * becomes an emoji (four).
 */
final class ForeignText {

  private static final Set<String> ASCII = Set.of("key", "unit", "schema_url");
  private static final int CYRILLIC = 0x430;
  private static final int CHINESE = 0x4e00;
  private static final int EMOJI = 0x1f600;

  private ForeignText() {}

  static Message of(Message message) {
    Message.Builder out = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (!ASCII.contains(field.getName())) {
        out.setField(field, of(entry.getValue()));
      }
    }
    return out.build();
  }

  private static Object of(Object value) {
    if (value instanceof Message message) {
      return of(message);
    }
    if (value instanceof String text) {
      return of(text);
    }
    if (value instanceof List<?> list) {
      List<Object> all = new ArrayList<>();
      list.forEach(each -> all.add(of(each)));
      return all;
    }
    return value;
  }

  private static String of(String text) {
    StringBuilder out = new StringBuilder();
    int word = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int letter = c - 'a';
      if (letter < 0 || c > 'z') {
        word++;
        out.append(c);
      } else if (c == 'z') {
        out.appendCodePoint(EMOJI);
      } else {
        out.append(
            switch (word % 3) {
              case 0 -> (char) (CYRILLIC + letter);
              case 1 -> (char) (CHINESE + 37 * letter);
              default -> c;
            });
      }
    }
    return out.toString();
  }
}
