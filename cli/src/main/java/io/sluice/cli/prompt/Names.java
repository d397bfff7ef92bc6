package io.sluice.cli.prompt;

import io.sluice.schema.table.Column;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Proposes keywords, tables, and the columns of the tables that the statement names. */
final class Names implements Completer {

  static final List<String> DOTS = List.of(".tables", ".schema", ".format", ".help", ".quit");

  private static final List<String> KEYWORDS =
      List.of(
          "SELECT",
          "FROM",
          "WHERE",
          "GROUP BY",
          "ORDER BY",
          "HAVING",
          "LIMIT",
          "AND",
          "OR",
          "NOT",
          "IN",
          "IS",
          "NULL",
          "LIKE",
          "ILIKE",
          "BETWEEN",
          "AS",
          "DISTINCT",
          "JOIN",
          "LEFT JOIN",
          "USING",
          "ON",
          "UNION ALL",
          "WITH",
          "CASE",
          "WHEN",
          "THEN",
          "ELSE",
          "END",
          "DESC",
          "ASC",
          "INTERVAL",
          "CAST",
          "DESCRIBE",
          "SUMMARIZE",
          "EXPLAIN",
          "QUALIFY",
          "count(",
          "sum(",
          "avg(",
          "min(",
          "max(",
          "quantile_cont(",
          "now()",
          "date_trunc(",
          "time_bucket(",
          "coalesce(",
          "regexp_matches(");

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String before = line.words().get(0).strip();
    if (before.isEmpty() && line.word().startsWith(".")) {
      add(candidates, DOTS, "");
      return;
    }
    if (before.equals(".schema")) {
      add(candidates, tables(), "");
      return;
    }
    // behind a dot it is a column of what stands before it
    int dot = line.word().lastIndexOf('.');
    String owner = line.word().substring(0, dot + 1);
    add(candidates, columns(line.line()), owner);
    if (dot < 0) {
      add(candidates, tables(), "");
      add(candidates, KEYWORDS, "");
    }
  }

  private static void add(List<Candidate> candidates, Iterable<String> names, String owner) {
    for (String name : names) {
      boolean open = name.endsWith("(");
      String value = owner + name;
      candidates.add(new Candidate(value, name, null, null, null, null, !open));
    }
  }

  private static List<String> tables() {
    return Table.all().stream().map(Table::tableName).toList();
  }

  /** Of the tables that it names; of all, while it names none. */
  private static Set<String> columns(String statement) {
    String lower = statement.toLowerCase(Locale.ROOT);
    List<Table> named = new ArrayList<>(Table.all());
    named.removeIf(table -> !lower.contains(table.tableName()));
    Set<String> columns = new LinkedHashSet<>();
    for (Table table : named.isEmpty() ? Table.all() : named) {
      TableSchema.of(table).columns().stream().map(Column::name).forEach(columns::add);
    }
    return columns;
  }
}
