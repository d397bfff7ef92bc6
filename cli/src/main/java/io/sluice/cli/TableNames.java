package io.sluice.cli;

import io.sluice.schema.table.Table;
import java.util.Iterator;

/** For completion in a shell. */
final class TableNames implements Iterable<String> {

  @Override
  public Iterator<String> iterator() {
    return Table.all().stream().map(Table::tableName).iterator();
  }
}
