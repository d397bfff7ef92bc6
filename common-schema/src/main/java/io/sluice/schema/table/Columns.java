package io.sluice.schema.table;

import java.util.ArrayList;
import java.util.List;

/** Lists of columns, put together. */
final class Columns {

  @SafeVarargs
  static List<Column> concat(List<Column>... parts) {
    List<Column> all = new ArrayList<>();
    for (List<Column> part : parts) {
      all.addAll(part);
    }
    return List.copyOf(all);
  }

  private Columns() {}
}
