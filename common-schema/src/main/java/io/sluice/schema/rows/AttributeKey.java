package io.sluice.schema.rows;

import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.util.MemoryUtil;

/** Finds an attribute by its key. Immutable. */
final class AttributeKey {

  private final byte[] key;

  AttributeKey(String key) {
    this.key = key.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Where in {@link #values} the value is that a map has under this key; -1 if it has none, or if
   * that is null.
   *
   * @param index of the map, which may be null
   */
  int entry(Source maps, int index) {
    if (maps.isNull(index)) {
      return -1;
    }
    Source entries = maps.children[0];
    Source keys = entries.children[0];
    int end = maps.start(index + 1);
    for (int i = maps.start(index); i < end; i++) {
      int start = keys.start(i);
      if (keys.start(i + 1) - start == key.length && isKey(keys.data + start)) {
        return entries.children[1].isNull(i) ? -1 : i;
      }
    }
    return -1;
  }

  /** The values of all maps. */
  static Source values(Source maps) {
    return maps.children[0].children[1];
  }

  private boolean isKey(long address) {
    for (int i = 0; i < key.length; i++) {
      if (MemoryUtil.getByte(address + i) != key[i]) {
        return false;
      }
    }
    return true;
  }
}
