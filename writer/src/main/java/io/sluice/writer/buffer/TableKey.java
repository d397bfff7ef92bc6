package io.sluice.writer.buffer;

import io.sluice.schema.table.Table;

/** One table of one tenant. */
public record TableKey(String tenant, Table table) {

  /** The same in every process, and so is the order of maps. */
  @Override
  public int hashCode() {
    return 31 * tenant.hashCode() + table.tableName().hashCode();
  }

  @Override
  public String toString() {
    return tenant + "." + table.tableName();
  }
}
