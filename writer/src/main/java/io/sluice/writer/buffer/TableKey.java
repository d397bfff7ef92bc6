package io.sluice.writer.buffer;

import io.sluice.schema.table.Table;

/** One table of one tenant. */
public record TableKey(String tenant, Table table) {
  @Override
  public String toString() {
    return tenant + "." + table.tableName();
  }
}
