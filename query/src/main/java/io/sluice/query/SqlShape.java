package io.sluice.query;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What a statement gives and takes.
 *
 * @param columns as {@link PlainColumns} has them
 * @param parameters DuckDB's name of the type of each; of one that it cannot tell, no type's
 */
public record SqlShape(Schema columns, List<String> parameters) {
  public SqlShape {
    parameters = List.copyOf(parameters);
  }
}
