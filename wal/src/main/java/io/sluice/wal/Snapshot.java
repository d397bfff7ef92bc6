package io.sluice.wal;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * What a log's consumer must know that begins behind a position: with it, nothing at or below that
 * position is needed. It may know more, of later positions; these are applied again all the same.
 */
@FunctionalInterface
public interface Snapshot {
  /** Called once, on the thread that releases. */
  void writeTo(WritableByteChannel out) throws IOException;
}
