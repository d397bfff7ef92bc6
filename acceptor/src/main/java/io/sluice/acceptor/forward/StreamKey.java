package io.sluice.acceptor.forward;

import io.sluice.schema.table.Table;

/** What a stream carries: the rows of one table of one tenant in one log. */
record StreamKey(int log, String tenant, Table table) {

  @Override
  public String toString() {
    return log + "/" + tenant + "/" + table;
  }
}
