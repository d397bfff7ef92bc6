package io.sluice.schema.rows;

import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.util.MemoryUtil;

/** Finds an attribute by its key, which no map has twice. Immutable. */
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
    return entry(maps, index, 0);
  }

  /**
   * The same.
   *
   * @param place which entry of the map to look at first: maps of one sender are much alike
   */
  int entry(Source maps, int index, int place) {
    if (maps.isNull(index)) {
      return -1;
    }
    Source entries = maps.children[0];
    Source keys = entries.children[0];
    int start = maps.start(index);
    int end = maps.start(index + 1);
    if (start + place < end && isAt(keys, start + place)) {
      return orNull(entries.children[1], start + place);
    }
    for (int i = start; i < end; i++) {
      if (isAt(keys, i)) {
        return orNull(entries.children[1], i);
      }
    }
    return -1;
  }

  private static int orNull(Source values, int entry) {
    return values.isNull(entry) ? -1 : entry;
  }

  /** The values of all maps. */
  static Source values(Source maps) {
    return maps.children[0].children[1];
  }

  /** From the end: keys of one namespace begin alike. */
  private boolean isAt(Source keys, int entry) {
    int start = keys.start(entry);
    if (keys.start(entry + 1) - start != key.length) {
      return false;
    }
    long address = keys.data + start;
    for (int i = key.length - 1; i >= 0; i--) {
      if (MemoryUtil.getByte(address + i) != key[i]) {
        return false;
      }
    }
    return true;
  }
}
