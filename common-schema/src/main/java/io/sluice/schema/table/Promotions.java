package io.sluice.schema.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The promoted attributes of a table, in the order of its columns, which follow those that every
 * table of its kind has. A table names them in its properties, each under its column:
 *
 * <pre>
 * sluice.promoted.resource_k8s_namespace_name = resource_attributes:k8s.namespace.name
 * </pre>
 */
public final class Promotions {

  /** None at all. */
  public static final Promotions NONE = new Promotions(List.of());

  private static final String PROPERTY = "sluice.promoted.";

  private final Map<String, Promotion> byColumn = new LinkedHashMap<>();

  private Promotions(List<Promotion> all) {
    all.forEach(promotion -> byColumn.put(promotion.columnName(), promotion));
  }

  /**
   * All of these.
   *
   * @throws IllegalArgumentException two would be one column, or one would be a column that a table
   *     has anyway
   */
  public static Promotions of(List<Promotion> all) {
    Promotions promotions = new Promotions(List.of());
    for (Promotion promotion : all) {
      String name = promotion.columnName();
      for (Table table : Table.all()) {
        if (TableSchema.of(table).has(name)) {
          throw new IllegalArgumentException(
              "cannot promote %s: its column would be %s, which %s has (take it out)"
                  .formatted(promotion, name, table));
        }
      }
      Promotion other = promotions.byColumn.putIfAbsent(name, promotion);
      if (other != null) {
        throw new IllegalArgumentException(
            "cannot promote %s: its column would be %s, and so would that of %s (take one out)"
                .formatted(promotion, name, other));
      }
    }
    return promotions;
  }

  /** What properties say, by name; what does not name its own column is nobody's. */
  public static Promotions in(Map<String, String> properties) {
    List<Promotion> all = new ArrayList<>();
    properties.forEach(
        (name, value) ->
            Promotion.parse(value)
                .filter(promotion -> property(promotion).equals(name))
                .ifPresent(all::add));
    all.sort(Comparator.comparing(Promotion::columnName));
    return new Promotions(all);
  }

  /** Those of these columns, in the columns' order. */
  public Promotions ofColumns(List<String> names) {
    return new Promotions(names.stream().flatMap(name -> named(name).stream()).toList());
  }

  /** The table property that says so. */
  public static String property(Promotion promotion) {
    return PROPERTY + promotion.columnName();
  }

  public boolean isEmpty() {
    return byColumn.isEmpty();
  }

  public List<Promotion> all() {
    return List.copyOf(byColumn.values());
  }

  public Optional<Promotion> named(String column) {
    return Optional.ofNullable(byColumn.get(column));
  }

  /** All columns of a table, in order. */
  public List<Column> columns(Table table) {
    List<Column> promoted = byColumn.values().stream().map(Promotion::column).toList();
    return Columns.concat(TableSchema.of(table).columns(), promoted);
  }

  /** The Arrow schema of a table's plain rows: what DoGet streams. */
  public Schema arrow(Table table) {
    return isEmpty() ? TableSchema.of(table).arrow() : ArrowForm.schema(columns(table));
  }

  /** The same for some columns, in the table's order. Unknown names are the caller's to reject. */
  public Schema arrow(Table table, Set<String> names) {
    return ArrowForm.schema(
        columns(table).stream().filter(column -> names.contains(column.name())).toList());
  }

  @Override
  public String toString() {
    return byColumn.values().toString();
  }
}
