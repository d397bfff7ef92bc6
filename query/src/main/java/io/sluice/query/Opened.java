package io.sluice.query;

import java.util.List;

/**
 * The hot rows of a table, pinned.
 *
 * @param hot a stream for each log that is read
 * @param missing what is not in them though it should be
 */
record Opened(List<HotRows> hot, List<MissingLog> missing) {

  Opened {
    hot = List.copyOf(hot);
    missing = List.copyOf(missing);
  }
}
