package io.sluice.query;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** A batch of a result, cell by cell. */
final class Cells {

  private final List<FieldVector> columns;
  private final List<String> names = new ArrayList<>();
  private final SqlResult result;

  Cells(SqlResult result) throws SqlException {
    this.result = result;
    this.columns = result.columns();
    columns.forEach(column -> names.add(column.getField().getName()));
  }

  /**
   * As in the header, each once: {@code name}, {@code name_1}, as DuckDB's tables would have it.
   */
  List<String> distinctNames() {
    Set<String> taken = new HashSet<>(names);
    Set<String> given = new LinkedHashSet<>();
    for (String name : names) {
      String distinct = name;
      for (int i = 1; !given.add(distinct); i++) {
        String next = name + "_" + i;
        distinct = taken.add(next) ? next : distinct;
      }
    }
    return List.copyOf(given);
  }

  int count() {
    return columns.size();
  }

  String name(int column) {
    return names.get(column);
  }

  boolean isNumber(int column) {
    Field field = columns.get(column).getField();
    ArrowType type = field.getType();
    DuckType duck = DuckType.of(field);
    if (duck != null) {
      return duck.isNumber();
    }
    return field.getDictionary() == null
        && (type instanceof ArrowType.Int
            || type instanceof ArrowType.FloatingPoint
            || type instanceof ArrowType.Decimal);
  }

  boolean isNull(int column, int row) {
    return CellText.isNull(columns.get(column), row);
  }

  /** Strings as they are, everything else as JSON has it, without quotes. */
  String text(int column, int row) {
    StringBuilder out = new StringBuilder();
    CellText.TEXT.append(vector(column), index(column, row), out);
    return out.toString();
  }

  void json(int column, int row, StringBuilder out) {
    CellText.JSON.append(vector(column), index(column, row), out);
  }

  private ValueVector vector(int column) {
    Dictionary dictionary = dictionary(column);
    return dictionary == null ? columns.get(column) : dictionary.getVector();
  }

  private int index(int column, int row) {
    return dictionary(column) == null
        ? row
        : ((Number) columns.get(column).getObject(row)).intValue();
  }

  private @Nullable Dictionary dictionary(int column) {
    DictionaryEncoding encoding = columns.get(column).getField().getDictionary();
    try {
      return encoding == null ? null : result.dictionaries().get(encoding.getId());
    } catch (SqlException e) {
      throw new IllegalStateException(e);
    }
  }
}
