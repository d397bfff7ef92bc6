package io.sluice.query;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
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

  int count() {
    return columns.size();
  }

  String name(int column) {
    return names.get(column);
  }

  boolean isNumber(int column) {
    ArrowType type = columns.get(column).getField().getType();
    return columns.get(column).getField().getDictionary() == null
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
