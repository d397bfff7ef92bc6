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
   * @param schema as written; empty if it was not, or is DuckDB's own
   */
  record Use(String schema, Table table) {}

  /** What stands in FROM and names all columns it means. */
  private static final Set<String> PLAIN_SOURCES =
      Set.of("BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST");

  /** They name tables in text, which is parsed only when they run. */
  private static final Set<String> BLIND = Set.of("query", "query_table");

  private static final String PRAGMA = "pragma_";

  private final Set<Use> uses = new LinkedHashSet<>();
  private final Set<String> columns = new HashSet<>();
  private final Set<String> single = new HashSet<>();
  private final Set<String> sources = new HashSet<>();
  private boolean all;
  private boolean nested;
  private int references;
  private @Nullable String blind;

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

  /** A function that names tables where they cannot be seen from here; null if there is none. */
  @Nullable String blindFunction() {
    return blind;
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
    String type = Json.text(node.get("type"));
    if (type.equals("BASE_TABLE")) {
      table(node);
    }
    if (type.equals("TABLE_FUNCTION")) {
      tableFunction(Json.object(node.get("function")));
    }
    if (type.equals("PIVOT")) {
      source(Json.object(node.get("source")));
      all = true;
      nested = true;
    }
    nested |= !Json.list(Json.object(node.get("cte_map")).get("map")).isEmpty();
    if (node.containsKey("from_table")) {
      source(Json.object(node.get("from_table")));
    }
    if (type.equals("JOIN") && node.containsKey("using_columns")) {
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
    sources.add(lower(source.get("table_name")));
  }

  private void table(Map<?, ?> source) {
    String catalog = lower(source.get("catalog_name"));
    String schema = lower(source.get("schema_name"));
    Optional<Table> table = Table.named(lower(source.get("table_name")));
    if (table.isEmpty() || !(catalog.isEmpty() || catalog.equals(SqlSession.CATALOG))) {
      return;
    }
    boolean own = schema.equals("main") || (catalog.isEmpty() && schema.equals(SqlSession.CATALOG));
    uses.add(new Use(own ? "" : schema, table.get()));
    references++;
  }

  private void tableFunction(Map<?, ?> function) {
    String name = lower(function.get("function_name"));
    if (BLIND.contains(name) || (name.startsWith(PRAGMA) && namesTable(function))) {
      blind = name;
    }
  }

  private static boolean namesTable(@Nullable Object node) {
    if (node instanceof Map<?, ?> map) {
      String text = lower(map.get("text"));
      return Table.named(text.substring(text.lastIndexOf('.') + 1)).isPresent()
          || map.values().stream().anyMatch(TableUses::namesTable);
    }
    return Json.list(node).stream().anyMatch(TableUses::namesTable);
  }

  private static String lower(@Nullable Object name) {
    return Json.text(name).toLowerCase(Locale.ROOT);
  }
}
