package io.sluice.wal;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** Which streams the active segment knows. Owned by the writing thread. */
final class StreamNumbers {
  private final IdentityHashMap<byte[], Integer> byIdentity = new IdentityHashMap<>();
  private final Map<ByteBuffer, Integer> byContent = new HashMap<>();

  /** 0 if the segment does not hold it yet. */
  int of(byte[] stream) {
    Integer known = byIdentity.get(stream);
    if (known == null) {
      known = byContent.get(ByteBuffer.wrap(stream));
      if (known == null) {
        return 0;
      }
      byIdentity.put(stream, known);
    }
    return known;
  }

  /** Numbers a stream from 1. */
  int add(byte[] stream) {
    int number = byContent.size() + 1;
    byContent.put(ByteBuffer.wrap(stream), number);
    byIdentity.put(stream, number);
    return number;
  }

  void clear() {
    byIdentity.clear();
    byContent.clear();
  }
}
