package io.sluice.query.replay;

import io.sluice.schema.table.Table;
import java.util.List;
import java.util.Map;

/**
 * How far a replay is.
 *
 * @param id of the replay; it is in each request
 * @param asked what it was asked for
 * @param sources what is read, a table each
 * @param place all before it is answered for good
 * @param totals of all before the place
 * @param ended whether nothing is left
 */
record Checkpoint(
    String id,
    Map<String, String> asked,
    List<Source> sources,
    Place place,
    Totals totals,
    boolean ended) {

  Checkpoint {
    sources = List.copyOf(sources);
  }

  /**
   * A table as it was when the replay began.
   *
   * @param kept names of files with the rows that were hot
   * @param files how many files were persisted, which the table's list names
   */
  record Source(Table table, List<String> kept, int files) {
    Source {
      kept = List.copyOf(kept);
    }
  }

  /**
   * A row of the replay, and those before it.
   *
   * @param source index of the table
   * @param piece index of its piece: first what was kept, then the table's files in their order
   * @param row of the piece's rows, from 0
   */
  record Place(int source, int piece, long row) {}

  Checkpoint at(Place now, Totals all, boolean end) {
    return new Checkpoint(id, asked, sources, now, all, end);
  }
}
