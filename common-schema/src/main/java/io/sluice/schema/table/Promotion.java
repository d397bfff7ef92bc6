package io.sluice.schema.table;

import java.util.Locale;
import java.util.Optional;

/**
 * An attribute that has a column of its own besides its entry in the map, which keeps it.
 *
 * @param key of the attribute
 */
public record Promotion(AttributeSource source, String key) {

  public Promotion {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("cannot promote an attribute without a key");
    }
  }

  /** The column's name: {@code resource_k8s_namespace_name}. */
  public String columnName() {
    return source.prefix() + key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
  }

  /** The column: the text that the map has. */
  public Column column() {
    return Column.nullable(
        columnName(),
        ColumnType.Primitive.STRING,
        "%s's attribute %s, as %s has it".formatted(source.owner(), key, source.mapColumn()),
        "there is none, or it is an empty value; or the row is older than the column");
  }

  /** As a table says it: {@code resource_attributes:k8s.namespace.name}. */
  @Override
  public String toString() {
    return source.mapColumn() + ":" + key;
  }

  /** Reads {@link #toString}; empty if it is nothing of the kind. */
  static Optional<Promotion> parse(String text) {
    for (AttributeSource source : AttributeSource.values()) {
      String map = source.mapColumn() + ":";
      if (text.startsWith(map) && text.length() > map.length()) {
        return Optional.of(new Promotion(source, text.substring(map.length())));
      }
    }
    return Optional.empty();
  }
}
