package io.sluice.query.flightsql;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.query.ReadException;
import io.sluice.query.SqlException;
import io.sluice.query.SqlShape;
import io.sluice.schema.security.TenantId;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.sql.FlightSqlProducer.Schemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What there is, for tools that show it: one catalog, in it a schema for each tenant. Any thread.
 */
final class Listing {

  private static final String CATALOG = "sluice";
  private static final String TYPE = "TABLE";
  private static final char ESCAPE = '\\';
  private static final int LONGEST_PATTERN = 256;

  private final Statements statements;
  private final Lake lake;
  private final BufferAllocator allocator;

  Listing(Statements statements, Lake lake, BufferAllocator allocator) {
    this.statements = statements;
    this.lake = lake;
    this.allocator = allocator;
  }

  void catalogs(ServerStreamListener listener) {
    send(Schemas.GET_CATALOGS_SCHEMA, List.of(Map.of("catalog_name", CATALOG)), listener);
  }

  void tableTypes(ServerStreamListener listener) {
    send(Schemas.GET_TABLE_TYPES_SCHEMA, List.of(Map.of("table_type", TYPE)), listener);
  }

  void schemas(Visitor visitor, CommandGetDbSchemas asked, ServerStreamListener listener)
      throws ReadException {
    List<Map<String, String>> rows = new ArrayList<>();
    if (!asked.hasCatalog() || asked.getCatalog().equals(CATALOG)) {
      Predicate<String> like =
          like(asked.hasDbSchemaFilterPattern(), asked.getDbSchemaFilterPattern());
      for (String tenant : tenants(visitor)) {
        if (like.test(tenant)) {
          rows.add(Map.of("catalog_name", CATALOG, "db_schema_name", tenant));
        }
      }
    }
    send(Schemas.GET_SCHEMAS_SCHEMA, rows, listener);
  }

  void tables(Visitor visitor, CommandGetTables asked, ServerStreamListener listener)
      throws SqlException, ReadException, InterruptedException {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<String> statementsOfRows = new ArrayList<>();
    boolean ours =
        (!asked.hasCatalog() || asked.getCatalog().equals(CATALOG))
            && (asked.getTableTypesCount() == 0 || asked.getTableTypesList().contains(TYPE));
    if (ours) {
      Predicate<String> schemas =
          like(asked.hasDbSchemaFilterPattern(), asked.getDbSchemaFilterPattern());
      Predicate<String> names =
          like(asked.hasTableNameFilterPattern(), asked.getTableNameFilterPattern());
      for (String tenant : tenants(visitor)) {
        for (Table table : Table.all()) {
          if (schemas.test(tenant) && names.test(table.tableName())) {
            rows.add(row(tenant, table));
            statementsOfRows.add(
                "SELECT * FROM sluice.\"%s\".%s".formatted(tenant, table.tableName()));
          }
        }
      }
    }
    if (!asked.getIncludeSchema()) {
      send(Schemas.GET_TABLES_SCHEMA_NO_SCHEMA, rows, listener);
      return;
    }
    List<SqlShape> shapes =
        rows.isEmpty() ? List.of() : statements.describe(visitor, statementsOfRows);
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).put("table_schema", shapes.get(i).columns().serializeAsMessage());
    }
    send(Schemas.GET_TABLES_SCHEMA, rows, listener);
  }

  private static Map<String, Object> row(String tenant, Table table) {
    Map<String, Object> row = new HashMap<>();
    row.put("catalog_name", CATALOG);
    row.put("db_schema_name", tenant);
    row.put("table_name", table.tableName());
    row.put("table_type", TYPE);
    return row;
  }

  /** Those whose tables the visitor may read. */
  private Iterable<String> tenants(Visitor visitor) throws ReadException {
    TreeSet<String> tenants = new TreeSet<>(List.of(visitor.scope().tenant()));
    if (visitor.scope().others()) {
      try {
        lake.tenants().stream().filter(TenantId::is).forEach(tenants::add);
      } catch (LakeUnavailableException e) {
        throw new ReadException(String.valueOf(e.getMessage()), e);
      }
    }
    return tenants;
  }

  /** SQL's LIKE; not given, it is all. Its cost is bounded, whatever the pattern. */
  private static Predicate<String> like(boolean given, String pattern) {
    if (!given) {
      return name -> true;
    }
    return name -> pattern.length() <= LONGEST_PATTERN && matches(pattern, name);
  }

  /** Whether each name's end matches the pattern's end, from the shortest to the whole. */
  private static boolean matches(String pattern, String name) {
    boolean[] rest = new boolean[name.length() + 1];
    rest[name.length()] = true;
    for (int p = pattern.length() - 1; p >= 0; p--) {
      char c = pattern.charAt(p);
      boolean escaped = p > 0 && pattern.charAt(p - 1) == ESCAPE;
      boolean[] next = new boolean[name.length() + 1];
      for (int n = name.length(); n >= 0; n--) {
        boolean here = n < name.length() && rest[n + 1];
        next[n] =
            switch (escaped ? ESCAPE : c) {
              case '%' -> rest[n] || (n < name.length() && next[n + 1]);
              case '_' -> here;
              default -> here && name.charAt(n) == c;
            };
      }
      rest = next;
      p -= escaped ? 1 : 0;
    }
    return rest[0];
  }

  private void send(
      Schema schema, List<? extends Map<String, ?>> rows, ServerStreamListener listener) {
    MetadataRows.send(schema, rows, allocator, listener);
  }
}
