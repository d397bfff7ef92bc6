package io.sluice.query;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A table that a Writer has persisted when it was asked to.
 *
 * @param position the log's position up to which the table now has everything
 */
public record Flushed(String tenant, String table, long position, long rows) {

  static List<Flushed> parse(byte[] answer) throws ReadException {
    List<Flushed> tables = new ArrayList<>();
    try {
      for (Object each : Json.list(Json.object(Json.parse(answer)).get("persisted"))) {
        Map<?, ?> table = Json.object(each);
        tables.add(
            new Flushed(
                Json.text(table.get("tenant")),
                Json.text(table.get("table")),
                Long.parseLong(Json.text(table.get("position"))),
                Long.parseLong(Json.text(table.get("rows")))));
      }
      return tables;
    } catch (IOException | NumberFormatException e) {
      throw new ReadException(
          "cannot read what a Writer has persisted: " + new String(answer, StandardCharsets.UTF_8),
          e);
    }
  }
}
