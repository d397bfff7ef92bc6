package io.sluice.cli.tail;

import io.sluice.query.RowJson;
import io.sluice.schema.table.Column;
import io.sluice.schema.table.ColumnType;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/** For machines: an object a line, with all columns but those of bytes. */
public final class JsonRows implements RowFormat {

  private String table = "";
  private List<FieldVector> vectors = List.of();

  @Override
  public List<String> columns(Table of) {
    return TableSchema.of(of).columns().stream()
        .filter(column -> column.type() != ColumnType.Primitive.BINARY)
        .map(Column::name)
        .toList();
  }

  @Override
  public void batch(Table of, List<FieldVector> columns) {
    table = of.tableName();
    vectors = columns;
  }

  @Override
  public void append(int row, StringBuilder out) {
    RowJson.append(table, vectors, row, out);
  }
}
