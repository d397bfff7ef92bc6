package io.sluice.wal;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Gives equal streams one array, so that a reader's caller can tell them by identity. */
final class StreamInterner {
  private final Map<ByteBuffer, byte[]> streams = new HashMap<>();

  byte[] intern(byte[] stream) {
    return streams.computeIfAbsent(ByteBuffer.wrap(stream), ByteBuffer::array);
  }
}
