package io.sluice.writer.buffer;

import java.util.List;

/**
 * What one reader asked for, held until it is closed: rows with a position in (after, to].
 *
 * @param to the highest position it covers
 */
public record HotRead(List<HotRows> rows, long to) implements AutoCloseable {
  @Override
  public void close() {
    rows.forEach(part -> part.batch().release());
  }
}
