package io.sluice.query;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the WHERE of a statement over one table says of the files that can have its rows: times
 * compared with constants, texts that are equal to constants. Whatever else it says is passed over:
 * the filter takes too many files, never too few. DuckDB reads the constants, so that they mean
 * what they mean to the statement.
 */
final class FileFilter {

  private static final Logger LOG = LoggerFactory.getLogger(FileFilter.class);
  private static final Set<String> TIMES =
      Set.of("date", "timestamp", "timestamptz", "timestamp with time zone");
  private static final Set<String> NOW =
      Set.of("now", "current_timestamp", "get_current_timestamp", "transaction_timestamp");
  private static final Pattern INTERVAL =
      Pattern.compile("(?i)INTERVAL\\s*('[^']*'|\\(?\\d+\\)?)(\\s*[a-z]+)?");

  /** Which way a comparison goes. */
  private enum Than {
    LESS,
    EQUAL,
    GREATER
  }

  private final Connection duckdb;
  private final String sql;
  private final Schema schema;
  private final Set<String> tables;
  private final Set<String> shadowed;

  private FileFilter(
      Connection duckdb, String sql, Schema schema, Set<String> tables, Set<String> shadowed) {
    this.duckdb = duckdb;
    this.sql = sql;
    this.schema = schema;
    this.tables = tables;
    this.shadowed = shadowed;
  }

  /** All files, where the statement is anything else than one SELECT from the table. */
  static Expression of(Connection duckdb, ParsedSql parsed, Schema schema) {
    Map<?, ?> node = parsed.select();
    Map<?, ?> from = Json.object(node.get("from_table"));
    if (!parsed.uses().readsOnce()
        || !Json.text(node.get("type")).equals("SELECT_NODE")
        || !Json.text(from.get("type")).equals("BASE_TABLE")
        || !Json.list(from.get("column_name_alias")).isEmpty()) {
      return Expressions.alwaysTrue();
    }
    String alias = lower(from.get("alias"));
    Set<String> aliases = new java.util.HashSet<>();
    Json.list(node.get("select_list"))
        .forEach(item -> aliases.add(lower(Json.object(item).get("alias"))));
    FileFilter filter =
        new FileFilter(
            duckdb,
            parsed.parsedText(),
            schema,
            Set.of(alias.isEmpty() ? lower(from.get("table_name")) : alias),
            aliases);
    Expression all = Expressions.alwaysTrue();
    for (Expression each : filter.conjuncts(Json.object(node.get("where_clause")))) {
      all = Expressions.and(all, each);
    }
    LOG.debug("files with {}", all);
    return all;
  }

  private List<Expression> conjuncts(Map<?, ?> node) {
    List<Expression> found = new ArrayList<>();
    switch (Json.text(node.get("type"))) {
      case "CONJUNCTION_AND" -> {
        for (Object child : Json.list(node.get("children"))) {
          found.addAll(conjuncts(Json.object(child)));
        }
      }
      case "COMPARE_EQUAL" -> compare(found, node, Than.EQUAL, Than.EQUAL);
      case "COMPARE_GREATERTHAN", "COMPARE_GREATERTHANOREQUALTO" ->
          compare(found, node, Than.GREATER, Than.LESS);
      case "COMPARE_LESSTHAN", "COMPARE_LESSTHANOREQUALTO" ->
          compare(found, node, Than.LESS, Than.GREATER);
      case "COMPARE_BETWEEN" -> {
        Map<?, ?> input = Json.object(node.get("input"));
        compare(found, input, Json.object(node.get("lower")), Than.GREATER);
        compare(found, input, Json.object(node.get("upper")), Than.LESS);
      }
      case "COMPARE_IN" -> in(found, Json.list(node.get("children")));
      default -> LOG.trace("no filter: {}", node);
    }
    return found;
  }

  private void compare(List<Expression> found, Map<?, ?> node, Than as, Than turned) {
    Map<?, ?> left = Json.object(node.get("left"));
    Map<?, ?> right = Json.object(node.get("right"));
    compare(found, left, right, as);
    compare(found, right, left, turned);
  }

  private void compare(List<Expression> found, Map<?, ?> column, Map<?, ?> constant, Than than) {
    Types.NestedField field = column(column);
    if (field == null) {
      return;
    }
    if (field.type().equals(Types.StringType.get()) && than == Than.EQUAL) {
      String text = string(constant);
      if (text != null) {
        found.add(Expressions.equal(field.name(), text));
      }
    }
    if (field.type().equals(Types.TimestampType.withZone())) {
      Long micros = micros(constant, than);
      if (micros != null) {
        found.add(time(field.name(), than, micros));
      }
    }
  }

  /** With the bound itself: of a microsecond more or less no file is the worse. */
  private static Expression time(String name, Than than, long micros) {
    return switch (than) {
      case LESS -> Expressions.lessThanOrEqual(name, micros);
      case EQUAL -> Expressions.equal(name, micros);
      case GREATER -> Expressions.greaterThanOrEqual(name, micros);
    };
  }

  private void in(List<Expression> found, List<?> children) {
    Types.NestedField field = children.isEmpty() ? null : column(Json.object(children.get(0)));
    if (field == null || !field.type().equals(Types.StringType.get())) {
      return;
    }
    List<String> texts = new ArrayList<>();
    for (Object child : children.subList(1, children.size())) {
      String text = string(Json.object(child));
      if (text == null) {
        return;
      }
      texts.add(text);
    }
    found.add(Expressions.in(field.name(), texts));
  }

  /** A column of the table itself; null if it may be anything else. */
  private Types.@Nullable NestedField column(Map<?, ?> node) {
    if (!Json.text(node.get("type")).equals("COLUMN_REF")) {
      return null;
    }
    List<?> names = Json.list(node.get("column_names"));
    String name = names.isEmpty() ? "" : lower(names.get(names.size() - 1));
    boolean ours = names.size() == 1 || (names.size() == 2 && tables.contains(lower(names.get(0))));
    return ours && !shadowed.contains(name) ? schema.asStruct().caseInsensitiveField(name) : null;
  }

  private static @Nullable String string(Map<?, ?> node) {
    Map<?, ?> literal = Json.object(node.get("literal"));
    return Json.text(node.get("type")).equals("VALUE_CONSTANT")
            && Json.text(literal.get("kind")).equals("STRING")
        ? Json.text(literal.get("text"))
        : null;
  }

  private @Nullable Long micros(Map<?, ?> node, Than than) {
    String text = string(node);
    if (text != null) {
      return asked("SELECT epoch_us(TRY_CAST(? AS TIMESTAMPTZ))", text);
    }
    if (Json.text(node.get("type")).equals("OPERATOR_CAST")) {
      String inner = string(Json.object(node.get("child")));
      String type = lower(Json.object(node.get("type_expr")).get("type_name"));
      return inner != null && TIMES.contains(type)
          ? asked("SELECT epoch_us(CAST(TRY_CAST(? AS " + type + ") AS TIMESTAMPTZ))", inner)
          : null;
    }
    // The statement's own now comes later: what must be greater than it must be greater than this.
    String interval = than == Than.GREATER ? beforeNow(node) : null;
    return interval == null ? null : asked("SELECT epoch_us(now() - " + interval + ")", null);
  }

  /** The interval of {@code now() - INTERVAL ...}, as written. */
  private @Nullable String beforeNow(Map<?, ?> node) {
    List<?> arguments = Json.list(node.get("arguments"));
    if (!Json.text(node.get("function_name")).equals("-") || arguments.size() != 2) {
      return null;
    }
    Map<?, ?> now = Json.object(Json.object(arguments.get(0)).get("expression"));
    Map<?, ?> interval = Json.object(Json.object(arguments.get(1)).get("expression"));
    List<?> names = Json.list(now.get("column_names"));
    boolean isName = names.size() == 1;
    String name = lower(isName ? names.get(0) : now.get("function_name"));
    if (isName && (shadowed.contains(name) || column(now) != null)) {
      return null; // a column that has this name
    }
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    int at = number(interval.get("query_location"));
    int length = number(interval.get("query_location_length"));
    if (!NOW.contains(name) || at < 0 || length < 0 || at + length > bytes.length) {
      return null;
    }
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    return INTERVAL.matcher(text).matches() ? text : null;
  }

  /** -1 if it is none, or a large one, which stands for none. */
  private static int number(@Nullable Object value) {
    String text = Json.text(value);
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
  }

  /** Null: DuckDB cannot read it, and will say so of the statement. */
  private @Nullable Long asked(String question, @Nullable String text) {
    try (PreparedStatement statement = duckdb.prepareStatement(question)) {
      if (text != null) {
        statement.setString(1, text);
      }
      try (ResultSet answer = statement.executeQuery()) {
        answer.next();
        long micros = answer.getLong(1);
        return answer.wasNull() ? null : micros;
      }
    } catch (SQLException e) {
      LOG.trace("no filter: {}", text, e);
      return null;
    }
  }

  private static String lower(@Nullable Object name) {
    return Json.text(name).toLowerCase(Locale.ROOT);
  }
}
