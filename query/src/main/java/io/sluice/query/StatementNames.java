package io.sluice.query;

import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;

/**
 * What DuckDB tells of a statement that does not run.
 *
 * @param columns their names; none if it does not tell them before it has parameters
 * @param parameters DuckDB's name of the type of each, as far as it can tell
 */
record StatementNames(List<String> columns, List<String> parameters) {

  static StatementNames of(ParsedSql parsed, DuckDBConnection duckdb) throws SQLException {
    try (PreparedStatement statement = duckdb.prepareStatement(parsed.text())) {
      List<String> parameters = new ArrayList<>();
      ParameterMetaData about = statement.getParameterMetaData();
      for (int i = 1; i <= about.getParameterCount(); i++) {
        parameters.add(String.valueOf(about.getParameterTypeName(i)));
      }
      List<String> columns = new ArrayList<>();
      ResultSetMetaData given = statement.getMetaData();
      for (int i = 1; given != null && i <= given.getColumnCount(); i++) {
        columns.add(given.getColumnName(i));
      }
      return new StatementNames(columns, parameters);
    }
  }

  /** As a subquery, a statement has another name for the second column of the same name. */
  Schema on(Schema schema) {
    List<Field> fields = schema.getFields();
    if (fields.size() != columns.size()) {
      return schema;
    }
    List<Field> named = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      FieldType type =
          new FieldType(
              field.isNullable(), field.getType(), field.getDictionary(), field.getMetadata());
      named.add(new Field(columns.get(i), type, field.getChildren()));
    }
    return new Schema(named, schema.getCustomMetadata());
  }
}
