package io.sluice.writer.apply;

import io.sluice.schema.table.Table;
import io.sluice.writer.buffer.TableKey;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code TENANT.TABLE.FROM-TO}: what is owed of a table after {@code from} and up to {@code to}.
 * The name decides, and not the file's header: an unpark lets the file begin earlier, a table that
 * holds some of it later.
 */
record ParkedName(TableKey table, long from, long to) {

  private static final Pattern FORM =
      Pattern.compile("([a-z0-9_]{1,63})\\.([a-z_]+)\\.(\\d{1,18})-(\\d{1,18})");

  static Optional<ParkedName> parse(String name) {
    Matcher parts = FORM.matcher(name);
    if (!parts.matches() || Table.named(parts.group(2)).isEmpty()) {
      return Optional.empty();
    }
    TableKey table = new TableKey(parts.group(1), Table.named(parts.group(2)).orElseThrow());
    return Optional.of(
        new ParkedName(table, Long.parseLong(parts.group(3)), Long.parseLong(parts.group(4))));
  }

  @Override
  public String toString() {
    return "%s.%s.%d-%d".formatted(table.tenant(), table.table().tableName(), from, to);
  }
}
