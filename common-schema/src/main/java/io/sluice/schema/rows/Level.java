package io.sluice.schema.rows;

import io.sluice.schema.table.Table;
import java.util.List;

/** Where in a wire row a column lives: in the row itself, or once per run of rows. */
enum Level {
  ROW(0),
  RESOURCE(1),
  SCOPE(2),
  METRIC(3),
  DICTIONARY(4);

  static final int COUNT = 5;

  private static final List<Level> OF_METRICS = List.of(RESOURCE, SCOPE, METRIC);
  private static final List<Level> OF_PROFILES = List.of(RESOURCE, SCOPE, DICTIONARY);
  private static final List<Level> OF_OTHERS = List.of(RESOURCE, SCOPE);

  /** Where arrays that have a place for each level have this one's. */
  final int slot;

  Level(int slot) {
    this.slot = slot;
  }

  /** Whether its columns have their fields' names, without its own before them. */
  boolean plainNames() {
    return this == METRIC || this == DICTIONARY;
  }

  /** The name of the run-end encoded wire column. */
  String wireName() {
    return switch (this) {
      case ROW -> throw new IllegalStateException("cannot name the row's own level");
      case RESOURCE -> "resource";
      case SCOPE -> "scope";
      case METRIC -> "metric";
      case DICTIONARY -> "dictionary";
    };
  }

  /** The levels with runs that a table has: its first columns, in this order. */
  static List<Level> runs(Table table) {
    return switch (table.signal()) {
      case METRICS -> OF_METRICS;
      case PROFILES -> OF_PROFILES;
      default -> OF_OTHERS;
    };
  }
}
