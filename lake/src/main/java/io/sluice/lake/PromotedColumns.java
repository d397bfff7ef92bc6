package io.sluice.lake;

import io.sluice.schema.table.Promotion;
import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The promoted columns of a table. Its properties say which they are, so every Writer fills them,
 * whatever its own settings are.
 */
final class PromotedColumns {

  /** Longer than Iceberg's default: values of one attribute often begin alike. */
  private static final String BOUNDS = "truncate(64)";

  /**
   * Those that rows are written to, in the table's order: that its properties name, and that are
   * there. What others have dropped, renamed or made anew with another type is left alone.
   */
  static Promotions of(Table table, BaseTable iceberg) {
    Promotions named = Promotions.in(iceberg.properties());
    if (named.isEmpty()) {
      return Promotions.NONE;
    }
    Types.StructType fixed = IcebergSchema.of(table).asStruct();
    List<String> there =
        iceberg.schema().columns().stream()
            .filter(column -> holdsText(column) && fixed.field(column.name()) == null)
            .map(Types.NestedField::name)
            .toList();
    return named.ofColumns(there);
  }

  private static boolean holdsText(Types.NestedField column) {
    return column.isOptional() && column.type().typeId() == Type.TypeID.STRING;
  }

  /** The properties that go with these columns. */
  static Map<String, String> properties(Promotions promotions) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (Promotion promotion : promotions.all()) {
      properties.put(Promotions.property(promotion), promotion.toString());
      properties.put(
          TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + promotion.columnName(), BOUNDS);
    }
    return properties;
  }

  /**
   * Those of {@code wanted} that the table lacks.
   *
   * @throws ColumnTakenException it has a column of such a name that is something else
   */
  static Promotions lacking(TableIdentifier id, BaseTable iceberg, Promotions wanted)
      throws ColumnTakenException {
    for (Promotion promotion : wanted.all()) {
      Optional<Types.NestedField> there = column(iceberg.schema(), promotion.columnName());
      if (there.isPresent()) {
        require(id, iceberg.properties(), promotion, there.get());
      }
    }
    List<String> lacking =
        wanted.all().stream()
            .map(Promotion::columnName)
            .filter(name -> column(iceberg.schema(), name).isEmpty())
            .toList();
    return wanted.ofColumns(lacking);
  }

  /** In any case of letters, since most engines take them for one. */
  private static Optional<Types.NestedField> column(Schema schema, String name) {
    return schema.columns().stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst();
  }

  private static void require(
      TableIdentifier id,
      Map<String, String> properties,
      Promotion promotion,
      Types.NestedField column)
      throws ColumnTakenException {
    String property = Promotions.property(promotion);
    String said = properties.get(property);
    if (!promotion.toString().equals(said)) {
      throw new ColumnTakenException(
          "cannot start: %s has a column %s that is not %s: its property %s is %s (drop or rename that column, or do not promote the attribute)"
              .formatted(id, column.name(), promotion, property, said));
    }
    if (!holdsText(column) || !column.name().equals(promotion.columnName())) {
      throw new ColumnTakenException(
          "cannot start: %s has its column %s as %s %s, not as an optional string (drop it, or do not promote %s)"
              .formatted(
                  id,
                  column.name(),
                  column.isOptional() ? "optional" : "required",
                  column.type(),
                  promotion));
    }
  }

  private PromotedColumns() {}
}
