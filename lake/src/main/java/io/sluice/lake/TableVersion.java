package io.sluice.lake;

import java.util.Map;
import java.util.Optional;

/**
 * Which release's columns a table has. A release that adds columns counts up {@link
 * TableSettings#SCHEMA_NOW}: an older table gets them at a start, a newer one is not for this
 * release to write. While both releases run beside each other the older one goes on with the tables
 * that it has opened: columns that it does not know are null in its rows.
 */
final class TableVersion {

  static boolean isOlder(Map<String, String> properties) {
    return schema(properties) < TableSettings.SCHEMA_NOW;
  }

  /** Why this release cannot open the table, in a sentence; empty if it can. */
  static Optional<String> newer(Map<String, String> properties) {
    String format = properties.getOrDefault(TableSettings.FORMAT, TableSettings.FORMAT_NOW);
    int schema = schema(properties);
    if (schema <= TableSettings.SCHEMA_NOW && !isGreater(format, TableSettings.FORMAT_NOW)) {
      return Optional.empty();
    }
    return Optional.of(
        "a newer release made it: %s is %s and %s is %d, this one knows %s and %d"
            .formatted(
                TableSettings.FORMAT,
                format,
                TableSettings.SCHEMA,
                schema,
                TableSettings.FORMAT_NOW,
                TableSettings.SCHEMA_NOW));
  }

  /** Tables had none before there was a second. */
  private static int schema(Map<String, String> properties) {
    return number(properties.getOrDefault(TableSettings.SCHEMA, "1"));
  }

  private static boolean isGreater(String format, String known) {
    return number(format) > number(known);
  }

  /** What is no number is nobody's newer version: others have written it, and it is told. */
  private static int number(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
  }

  private TableVersion() {}
}
