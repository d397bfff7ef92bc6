package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.WireColumns;
import io.sluice.schema.table.Table;
import java.util.List;

/**
 * What a request holds.
 *
 * @param parts its rows; whoever receives this gives their columns back to the pool
 * @param records records in the parts
 * @param rejected records left out because they were nested too deep
 * @param reason why, for the client; empty if none was
 * @param empty groups without records, and metrics without points: nothing to store
 */
public record Decoded(List<Part> parts, long records, long rejected, String reason, long empty) {

  /**
   * Up to {@link #PART_ROWS} rows of one table.
   *
   * @param part which of the request's parts for this table, from 0: with the bytes, its identity
   * @param selfIdentifying true if equal bytes are these sent again: {@link PartIdentity}, or the
   *     request has a {@link io.sluice.schema.otlp.RequestCutter#LABEL_FIELD label}
   */
  public record Part(Table table, int part, WireColumns columns, boolean selfIdentifying) {

    /** The same of a request that has a label. */
    Part labelled() {
      return new Part(table, part, columns, true);
    }
  }

  /** Where a table's rows are cut: a constant, so that parts are a function of the bytes alone. */
  public static final int PART_ROWS = 16_384;
}
