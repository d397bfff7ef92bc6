package io.sluice.query;

import io.sluice.schema.security.TenantId;
import io.sluice.schema.table.Table;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a statement may name that comes from somebody else: tables of a tenant, and functions that
 * compute. Of functions in FROM only those that are listed; files, settings and other databases are
 * not named at all. DuckDB is told to open none, too ({@link SqlBounds}), but it may open those of
 * all tenants.
 *
 * @param tenant whose tables are meant where no schema is named
 * @param others whether those of other tenants may be named
 */
public record SqlScope(String tenant, boolean others) {

  private static final Set<String> SOURCES =
      Set.of(
          "BASE_TABLE",
          "SUBQUERY",
          "JOIN",
          "TABLE_FUNCTION",
          "EMPTY",
          "EXPRESSION_LIST",
          "PIVOT",
          "SHOW_REF");

  private static final Set<String> TABLE_FUNCTIONS =
      Set.of("range", "generate_series", "unnest", "json_each", "json_tree", "repeat");

  /** They tell of this process and its views, or plan a text, for which files are opened. */
  private static final Pattern REFUSED =
      Pattern.compile(
          "getenv|current_setting|getvariable|current_query.*|json_serialize_plan|json_execute_.*|query|query_table"
              + "|pg_(get|conf|postmaster)_.*|get_block_size|stats|vector_type|inet_(client|server)_.*"
              + "|(col|obj|shobj)_description|current_(connection|transaction)_id|txid_current"
              + "|nextval|currval|setval|write_log|set_config|parse_duckdb_log_message|__internal_.*"
              + "|(read|write|pragma|duckdb|pg_read|sniff|parquet|http|load|which)_.*|glob|.*_scan|.*sleep.*");

  /** No file is named so: what is shown is DuckDB's own list. */
  private static final Set<String> SHOWN =
      Set.of("tables", "__show_tables_expanded", "databases", "schemas", "variables");

  /** DuckDB takes other names for files where no such query is in sight. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

  /** The statement if it keeps to that. */
  ParsedSql narrowed(ParsedSql parsed) throws SqlException {
    Set<String> queries = new HashSet<>();
    queries(parsed.select(), queries);
    check(parsed.select(), queries);
    return parsed;
  }

  /**
   * @param function its name, in lower case
   */
  static boolean isRefused(String function) {
    return REFUSED.matcher(function).matches();
  }

  private static void queries(@Nullable Object node, Set<String> names) throws SqlException {
    if (node instanceof Map<?, ?> map) {
      for (Object entry : Json.list(Json.object(map.get("cte_map")).get("map"))) {
        String name = Json.text(Json.object(entry).get("key"));
        if (!PLAIN.matcher(name).matches()) {
          throw new SqlException(
              "cannot run: WITH names a query '%s' (letters, digits and _ only)"
                  .formatted(clipped(name)),
              null);
        }
        names.add(lower(name));
      }
      for (Object value : map.values()) {
        queries(value, names);
      }
    } else {
      for (Object each : Json.list(node)) {
        queries(each, names);
      }
    }
  }

  private void check(@Nullable Object node, Set<String> queries) throws SqlException {
    if (!(node instanceof Map<?, ?> map)) {
      for (Object each : Json.list(node)) {
        check(each, queries);
      }
      return;
    }
    source(Json.object(map.get("from_table")));
    source(Json.object(map.get("left")), map);
    source(Json.object(map.get("right")), map);
    switch (Json.text(map.get("type"))) {
      case "BASE_TABLE" -> table(map, queries);
      case "TABLE_FUNCTION" -> tableFunction(Json.object(map.get("function")));
      case "SHOW_REF" -> shown(map);
      default -> function(map);
    }
    for (Object value : map.values()) {
      check(value, queries);
    }
  }

  private static void source(Map<?, ?> side, Map<?, ?> join) throws SqlException {
    if (Json.text(join.get("type")).equals("JOIN")) {
      source(side);
    }
  }

  private static void source(Map<?, ?> source) throws SqlException {
    String type = Json.text(source.get("type"));
    if (!type.isEmpty() && !SOURCES.contains(type)) {
      throw new SqlException(
          "cannot run: what stands in FROM is not served here (%s)"
              .formatted(clipped(type.toLowerCase(Locale.ROOT))),
          null);
    }
  }

  private void table(Map<?, ?> source, Set<String> queries) throws SqlException {
    String catalog = lower(Json.text(source.get("catalog_name")));
    String schema = lower(Json.text(source.get("schema_name")));
    String name = lower(Json.text(source.get("table_name")));
    if (catalog.isEmpty() && schema.isEmpty() && queries.contains(name)) {
      return;
    }
    boolean ours = catalog.isEmpty() || catalog.equals(SqlSession.CATALOG);
    if (!ours || Table.named(name).isEmpty()) {
      throw new SqlException(
          "cannot find table %s: there are %s (SHOW TABLES; DESCRIBE shows the columns of one)"
              .formatted(
                  clipped(Json.text(source.get("table_name"))),
                  Table.all().stream().map(Table::tableName).collect(Collectors.joining(", "))),
          null);
    }
    boolean own =
        schema.isEmpty()
            || schema.equals("main")
            || (catalog.isEmpty() && schema.equals(SqlSession.CATALOG))
            || schema.equals(tenant);
    if (!own && !others) {
      throw new SqlException(
          "cannot read %s.%s: you may read tables of tenant %s only (leave the schema out)"
              .formatted(clipped(schema), name, tenant),
          null);
    }
    if (!own && !TenantId.is(schema)) {
      throw new SqlException(
          "cannot read %s.%s: that is no tenant's id (of the form %s)"
              .formatted(clipped(schema), name, TenantId.FORM),
          null);
    }
  }

  private static void tableFunction(Map<?, ?> function) throws SqlException {
    String name = lower(Json.text(function.get("function_name")));
    if (!TABLE_FUNCTIONS.contains(name)) {
      throw new SqlException(
          "cannot run: %s() is not served here (in FROM there may be tables, and of functions range, generate_series, unnest, json_each, json_tree and repeat)"
              .formatted(clipped(name)),
          null);
    }
  }

  private static void function(Map<?, ?> node) throws SqlException {
    String name = lower(Json.text(node.get("function_name")));
    if (isRefused(name)) {
      throw new SqlException(
          "cannot run: %s() is not served here (it reaches beyond the tables)"
              .formatted(clipped(name)),
          null);
    }
  }

  /** Of a query that is described, its tables are looked at as all others. */
  private static void shown(Map<?, ?> node) throws SqlException {
    String name = lower(Json.text(node.get("table_name"))).replace("\"", "");
    if (Json.object(node.get("query")).isEmpty() && !SHOWN.contains(name)) {
      throw new SqlException(
          "cannot show %s (SHOW TABLES and DESCRIBE of a table are served)"
              .formatted(clipped(name)),
          null);
    }
  }

  private static String clipped(String text) {
    int most = 128;
    return text.length() <= most ? text : text.substring(0, most) + "...";
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
