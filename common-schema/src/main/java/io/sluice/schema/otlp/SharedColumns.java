package io.sluice.schema.otlp;

import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;

/**
 * The columns that levels are made of. To compare them costs a part of making a resource, a scope
 * and a metric of each row, where neighbours mostly have the same.
 */
final class SharedColumns {

  /** Of nothing. */
  static final SharedColumns NONE = new SharedColumns(List.of());

  private static final Set<String> OF_METRICS =
      Set.of(
          "metric_name",
          "description",
          "unit",
          "metadata",
          "metadata_types",
          "metric_raw",
          "aggregation_temporality",
          "is_monotonic");

  private final List<RangeEqualsVisitor> columns;

  private SharedColumns(List<RangeEqualsVisitor> columns) {
    this.columns = columns;
  }

  /** Those that the rows have. */
  static SharedColumns of(VectorSchemaRoot rows) {
    return new SharedColumns(
        rows.getFieldVectors().stream()
            .filter(vector -> isShared(vector.getName()))
            .map(SharedColumns::within)
            .toList());
  }

  private static boolean isShared(String column) {
    return column.startsWith("resource_")
        || column.startsWith("scope_")
        || OF_METRICS.contains(column);
  }

  private static RangeEqualsVisitor within(FieldVector vector) {
    return new RangeEqualsVisitor(vector, vector);
  }

  /** Whether two rows have the same in all of them. */
  boolean same(int one, int other) {
    Range range = new Range(one, other, 1);
    for (RangeEqualsVisitor column : columns) {
      if (!column.rangeEquals(range)) {
        return false;
      }
    }
    return true;
  }
}
