package io.sluice.query;

import io.sluice.schema.table.Table;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What DuckDB says, to who asks: in its words, but for the tables, of which it knows few. */
final class DuckDbErrors {

  /** It knows those that a statement names, and would propose tables of its own. */
  private static final Pattern NO_TABLE =
      Pattern.compile(
          "^Catalog Error: Table with name (.+) does not exist!(?:\\nDid you mean .*)?");

  static SqlException of(SQLException e) {
    String message = String.valueOf(e.getMessage()).strip();
    Matcher table = NO_TABLE.matcher(message);
    return new SqlException(
        table.find()
            ? "cannot find table: %s (tables are %s)".formatted(table.group(1), Table.all())
                + message.substring(table.end())
            : message,
        e);
  }

  private DuckDbErrors() {}
}
