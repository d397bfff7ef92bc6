package io.sluice.query;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement that only reads, and what DuckDB's own parser says of it.
 *
 * @param text what DuckDB runs
 * @param kind what it gives
 * @param uses which tables and columns it names
 * @param parsedText the text without EXPLAIN; the tree's locations are bytes of it
 * @param select the tree of its outermost query
 */
record ParsedSql(String text, Kind kind, TableUses uses, String parsedText, Map<?, ?> select) {

  enum Kind {
    /** Rows. */
    ROWS,
    /** The plan of a query. */
    PLAN,
    /** What tables and columns there are: needs no rows. */
    SHAPE
  }

  private static final Pattern EXPLAIN =
      Pattern.compile("(?is)^\\s*EXPLAIN\\s+(?:ANALYZE\\s+)?(?=\\S)");

  private static final Pattern PIVOT = Pattern.compile("(?i)(?:^|[\\s(])PIVOT(?:_WIDER)?\\s");

  /**
   * Parses with DuckDB; nothing is run.
   *
   * @throws SqlException it does not parse, is more than one statement, or does more than read
   */
  static ParsedSql parse(Connection duckdb, String sql) throws SqlException, SQLException {
    Matcher explain = EXPLAIN.matcher(sql);
    boolean plan = explain.lookingAt();
    String query = plan ? sql.substring(explain.end()) : sql;
    Map<?, ?> parsed = Json.object(serialized(duckdb, query));
    if (Json.text(parsed.get("error")).equals("true")) {
      throw refused(parsed, sql);
    }
    var statements = Json.list(parsed.get("statements"));
    if (statements.size() != 1) {
      throw new SqlException(
          statements.isEmpty()
              ? "cannot run: no statement was given"
              : "cannot run %d statements at once (give one)".formatted(statements.size()),
          null);
    }
    Map<?, ?> node = Json.object(Json.object(statements.get(0)).get("node"));
    Map<?, ?> from = Json.object(node.get("from_table"));
    boolean shape =
        Json.text(from.get("type")).equals("SHOW_REF")
            && !Json.text(from.get("show_type")).equals("SUMMARY");
    Kind kind = plan ? Kind.PLAN : shape ? Kind.SHAPE : Kind.ROWS;
    TableUses uses = TableUses.of(node);
    if (uses.blindFunction() != null) {
      throw new SqlException(
          "cannot run: %s() names its tables where they cannot be found in advance (write them in FROM; DESCRIBE TABLE shows columns)"
              .formatted(uses.blindFunction()),
          null);
    }
    return new ParsedSql(sql, kind, uses, query, node);
  }

  /** A statement of the same columns that has nothing to do. */
  ParsedSql withoutRows() {
    String query = text.strip();
    while (query.endsWith(";")) {
      query = query.substring(0, query.length() - 1).strip();
    }
    return switch (kind) {
      case ROWS -> as("SELECT * FROM (\n%s\n) LIMIT 0".formatted(query));
      case PLAN -> as("EXPLAIN " + parsedText); // ANALYZE would run it
      case SHAPE -> this;
    };
  }

  /** The same as DuckDB writes it: without comments, such as one behind its semicolon. */
  ParsedSql rewritten(Connection duckdb) throws SQLException {
    try (PreparedStatement statement =
        duckdb.prepareStatement("SELECT json_deserialize_sql(json_serialize_sql(?::VARCHAR))")) {
      statement.setString(1, text);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return as(rows.getString(1));
      }
    }
  }

  private ParsedSql as(String other) {
    return new ParsedSql(other, kind, uses, parsedText, select);
  }

  private static Object serialized(Connection duckdb, String sql)
      throws SqlException, SQLException {
    try (PreparedStatement statement =
        duckdb.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
      statement.setString(1, sql);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        Object parsed = Json.parse(rows.getString(1).getBytes(StandardCharsets.UTF_8));
        return parsed == null ? Map.of() : parsed;
      }
    } catch (IOException e) {
      throw new SqlException("cannot run: DuckDB's parse of it cannot be read: " + e, e);
    }
  }

  private static SqlException refused(Map<?, ?> parsed, String sql) {
    String message = Json.text(parsed.get("error_message"));
    if (!Json.text(parsed.get("error_type")).equals("parser")) {
      return new SqlException(
          PIVOT.matcher(sql).find()
              ? "cannot run: PIVOT needs its values named here (ON column IN (value, ...))"
              : "cannot run: only SELECT, DESCRIBE, SUMMARIZE, SHOW TABLES, PIVOT ... IN and EXPLAIN are (tables are written by sending OTLP)",
          null);
    }
    boolean reserved = message.contains("near \"default\"");
    return new SqlException(
        "cannot parse: " + message + (reserved ? " (write \"default\" in double quotes)" : ""),
        null);
  }
}
