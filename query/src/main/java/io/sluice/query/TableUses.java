package io.sluice.query;

import io.sluice.schema.table.Table;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a statement's syntax tree names: tables of ours, and columns. Columns are a superset, by
 * name alone: a name that may be of several tables is read from all, and whatever can mean a column
 * without naming it (a star, a whole row, a natural join ...) means all.
 */
final class TableUses {

  /**
   * A table of ours in the statement.
   *
   * @param schema as written, empty if it was not
   */
  record Use(String schema, Table table) {}

  /** What stands in FROM and names all columns it means. */
  private static final Set<String> PLAIN_SOURCES =
      Set.of("BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST");

  private final Set<Use> uses = new LinkedHashSet<>();
  private final Set<String> columns = new HashSet<>();
  private final Set<String> single = new HashSet<>();
  private final Set<String> sources = new HashSet<>();
  private boolean all;
  private boolean nested;
  private int references;

  private TableUses() {}

  static TableUses of(@Nullable Object tree) {
    TableUses uses = new TableUses();
    uses.walk(tree);
    uses.single.retainAll(uses.sources); // SELECT t FROM traces t: the whole row
    uses.all |= !uses.single.isEmpty();
    return uses;
  }

  Set<Use> tables() {
    return Set.copyOf(uses);
  }

  ColumnSet columns() {
    return all ? ColumnSet.ALL : ColumnSet.of(columns);
  }

  /** Whether rows are read once: one table, named once, and nothing that is evaluated again. */
  boolean readsOnce() {
    return references == 1 && !nested;
  }

  private void walk(@Nullable Object node) {
    if (node instanceof Map<?, ?> map) {
      look(map);
      map.values().forEach(this::walk);
    } else {
      Json.list(node).forEach(this::walk);
    }
  }

  private void look(Map<?, ?> node) {
    expression(node);
    nested |= !Json.list(Json.object(node.get("cte_map")).get("map")).isEmpty();
    if (node.containsKey("from_table")) {
      source(Json.object(node.get("from_table")));
    }
    if (Json.text(node.get("type")).equals("JOIN") && node.containsKey("using_columns")) {
      source(Json.object(node.get("left")));
      source(Json.object(node.get("right")));
      all |= Json.text(node.get("ref_type")).equals("NATURAL");
      Json.list(node.get("using_columns")).forEach(c -> columns.add(lower(c)));
    }
  }

  private void expression(Map<?, ?> node) {
    switch (Json.text(node.get("class"))) {
      case "STAR", "POSITIONAL_REFERENCE" -> all = true;
      case "SUBQUERY" -> nested = true;
      case "COLUMN_REF" -> {
        var parts = Json.list(node.get("column_names"));
        parts.forEach(part -> columns.add(lower(part)));
        if (parts.size() == 1) {
          single.add(lower(parts.get(0)));
        }
      }
      default -> {
        return;
      }
    }
  }

  private void source(Map<?, ?> source) {
    String type = Json.text(source.get("type"));
    all |= !PLAIN_SOURCES.contains(type);
    all |= !Json.list(source.get("column_name_alias")).isEmpty();
    nested |= type.equals("SUBQUERY");
    sources.add(lower(source.get("alias")));
    if (type.equals("BASE_TABLE")) {
      String name = lower(source.get("table_name"));
      sources.add(name);
      Optional<Table> table = Table.named(name);
      table.ifPresent(
          t -> {
            uses.add(new Use(lower(source.get("schema_name")), t));
            references++;
          });
    }
  }

  private static String lower(@Nullable Object name) {
    return Json.text(name).toLowerCase(Locale.ROOT);
  }
}
