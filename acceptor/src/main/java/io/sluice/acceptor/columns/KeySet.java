package io.sluice.acceptor.columns;

import java.util.Arrays;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * The keys of the maps being written, to find the repeated ones. Keys are ranges of one {@link
 * ColumnBuffer}. Maps nest: {@link #begin} and {@link #end} bracket each, innermost first. Small
 * maps are searched one by one; larger ones by a hash table, whose entries leave in the reverse
 * order of their coming, so that leaving is emptying a slot. The hash is seeded: nobody can make
 * keys collide on purpose. One thread owns it.
 */
public final class KeySet {

  private static final int LINEAR = 16;

  private final long seed;
  private int top;
  private long[] prints = new long[2 * LINEAR];
  private int[] hashes = new int[2 * LINEAR];
  private int[] starts = new int[2 * LINEAR];
  private int[] lengths = new int[2 * LINEAR];
  private int[] latest = new int[2 * LINEAR];
  private int[] slots = new int[2 * LINEAR];
  private int[] table = new int[8 * LINEAR]; // index + 1, or 0

  public KeySet(long seed) {
    this.seed = seed | 1;
  }

  /** Begins a map; what it returns belongs to its {@link #add} and {@link #end}. */
  public int begin() {
    return top;
  }

  /**
   * Adds the map's next key, with {@link ColumnBuffer#SLACK} readable behind it.
   *
   * @return true if the map did not have it
   */
  public boolean add(int map, ColumnBuffer data, int start, int length) {
    int index = top;
    if (index == prints.length) {
      grow();
    }
    long address = data.address() + start;
    long print = print(address, length);
    prints[index] = print;
    starts[index] = start;
    lengths[index] = length;
    slots[index] = -1;
    top = index + 1;
    int size = index - map;
    int same =
        size < LINEAR ? search(map, index, data, print) : lookUp(map, index, data, size == LINEAR);
    latest[index] = same < 0 ? index : -1;
    if (same < 0) {
      return true;
    }
    latest[same] = index;
    return false;
  }

  /**
   * Which of the map's keys, from 0, is the last equal to this one; -1 if this is not the first.
   */
  int latest(int map, int ordinal) {
    int index = latest[map + ordinal];
    return index < 0 ? -1 : index - map;
  }

  /** Ends the map that was begun last. */
  public void end(int map) {
    for (int index = top - 1; index >= map; index--) {
      if (slots[index] >= 0) {
        table[slots[index]] = 0;
      }
    }
    top = map;
  }

  private int search(int map, int index, ColumnBuffer data, long print) {
    for (int i = map; i < index; i++) {
      if (prints[i] == print && equal(i, index, data)) {
        return i;
      }
    }
    return -1;
  }

  private int lookUp(int map, int index, ColumnBuffer data, boolean first) {
    if (2 * top > table.length) {
      enlargeTable();
    }
    if (first) {
      for (int i = map; i < index; i++) {
        enter(map, i, data);
      }
    }
    return enter(map, index, data);
  }

  /** Enters the key unless an equal one is there, whose index it returns. */
  private int enter(int map, int index, ColumnBuffer data) {
    int mask = table.length - 1;
    int hash = hash(data.address() + starts[index], lengths[index]);
    int slot = hash & mask;
    while (table[slot] != 0) {
      int other = table[slot] - 1;
      if (other >= map && hashes[other] == hash && equal(other, index, data)) {
        return other;
      }
      slot = (slot + 1) & mask;
    }
    hashes[index] = hash;
    table[slot] = index + 1;
    slots[index] = slot;
    return -1;
  }

  private boolean equal(int a, int b, ColumnBuffer data) {
    int length = lengths[a];
    if (length != lengths[b]) {
      return false;
    }
    long left = data.address() + starts[a];
    long right = data.address() + starts[b];
    for (int i = 0; i < length; i += Long.BYTES) {
      long difference = MemoryUtil.getLong(left + i) ^ MemoryUtil.getLong(right + i);
      int rest = length - i;
      if (rest < Long.BYTES) {
        difference <<= (Long.BYTES - rest) << 3;
      }
      if (difference != 0) {
        return false;
      }
    }
    return true;
  }

  private static long print(long address, int length) {
    if (length >= Long.BYTES) {
      long end = MemoryUtil.getLong(address + length - Long.BYTES);
      return MemoryUtil.getLong(address) ^ Long.rotateLeft(end, 23);
    }
    return length == 0 ? 0 : MemoryUtil.getLong(address) << ((Long.BYTES - length) << 3);
  }

  private int hash(long address, int length) {
    long hash = seed ^ length;
    for (int i = 0; i < length; i += Long.BYTES) {
      long word = MemoryUtil.getLong(address + i);
      int rest = length - i;
      if (rest < Long.BYTES) {
        word <<= (Long.BYTES - rest) << 3;
      }
      long mixed = hash ^ word;
      hash = Math.multiplyHigh(mixed, seed) ^ (mixed * seed);
    }
    return (int) (hash ^ (hash >>> 32));
  }

  private void enlargeTable() {
    table = new int[4 * Integer.highestOneBit(top)];
    int mask = table.length - 1;
    for (int index = 0; index < top; index++) {
      if (slots[index] >= 0) {
        int slot = hashes[index] & mask;
        while (table[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        table[slot] = index + 1;
        slots[index] = slot;
      }
    }
  }

  private void grow() {
    int size = 2 * prints.length;
    prints = Arrays.copyOf(prints, size);
    hashes = Arrays.copyOf(hashes, size);
    starts = Arrays.copyOf(starts, size);
    lengths = Arrays.copyOf(lengths, size);
    latest = Arrays.copyOf(latest, size);
    slots = Arrays.copyOf(slots, size);
  }
}
