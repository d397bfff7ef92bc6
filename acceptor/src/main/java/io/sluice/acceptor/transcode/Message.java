package io.sluice.acceptor.transcode;

import io.sluice.acceptor.transcode.Field.Label;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message by its fields. Filled while its class is initialised, because a value may hold values;
 * never changed later.
 */
final class Message implements Type {

  private final List<Field> fields = new ArrayList<>();
  private final Map<String, Field> byName = new HashMap<>();

  @Override
  public int wireType() {
    return LEN;
  }

  /** By its name in lowerCamelCase or in snake_case; null if there is none. */
  @Nullable Field field(String name) {
    return byName.get(name);
  }

  List<Field> fields() {
    return fields;
  }

  Message single(String name, int number, Type type) {
    return add(name, number, type, Label.SINGLE);
  }

  Message optional(String name, int number, Type type) {
    return add(name, number, type, Label.OPTIONAL);
  }

  Message oneof(String name, int number, Type type) {
    return add(name, number, type, Label.ONEOF);
  }

  Message repeated(String name, int number, Type type) {
    return add(name, number, type, Label.REPEATED);
  }

  private Message add(String name, int number, Type type, Label label) {
    Field field = new Field(name, number, type, label, fields.size());
    fields.add(field);
    byName.put(name, field);
    byName.put(snake(name), field);
    return this;
  }

  static String snake(String camel) {
    return camel.replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT);
  }
}
