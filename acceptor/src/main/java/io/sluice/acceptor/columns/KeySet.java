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
  private long[] ranges = new long[2 * LINEAR]; // start, length
  private int[] hashes = new int[2 * LINEAR];
  private int[] slots = new int[2 * LINEAR]; // -1: repeated, not entered
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
   * @return which of the map's keys, from 0, is the first that is equal; -1 if there is none
   */
  public int add(int map, ColumnBuffer data, int start, int length) {
    int index = top;
    if (index == prints.length) {
      grow();
    }
    long print = print(data.address() + start, length);
    prints[index] = print;
    ranges[index] = ((long) start << 32) | length;
    top = index + 1;
    if (index - map >= LINEAR) {
      return lookUp(map, index, data);
    }
    for (int i = map; i < index; i++) {
      if (prints[i] == print && equal(i, index, data)) {
        return i - map;
      }
    }
    return -1;
  }

  /** Ends the map that was begun last. */
  public void end(int map) {
    if (top - map > LINEAR) {
      leave(map);
    }
    top = map;
  }

  /** Bytes of memory its arrays hold. */
  public long capacity() {
    return (long) Long.BYTES * (prints.length + ranges.length)
        + (long) Integer.BYTES * (hashes.length + slots.length + table.length);
  }

  /** Ends all maps, however far they are. */
  public void clear() {
    leave(0);
    top = 0;
  }

  /** In the reverse order of their coming; an entry not in the table may have any old slot. */
  private void leave(int map) {
    for (int index = top - 1; index >= map; index--) {
      int slot = slots[index];
      if (slot >= 0 && table[slot] == index + 1) {
        table[slot] = 0;
      }
    }
  }

  private int lookUp(int map, int index, ColumnBuffer data) {
    if (2 * top > table.length) {
      enlargeTable();
    }
    if (index - map == LINEAR) {
      for (int i = map; i < index; i++) {
        enter(map, i, data);
      }
    }
    int same = enter(map, index, data);
    return same < 0 ? -1 : same - map;
  }

  /** Enters the key unless an equal one is there, whose index it returns. */
  private int enter(int map, int index, ColumnBuffer data) {
    int mask = table.length - 1;
    int hash = hash(data.address() + start(index), length(index));
    int slot = hash & mask;
    while (table[slot] != 0) {
      int other = table[slot] - 1;
      if (other >= map && hashes[other] == hash && equal(other, index, data)) {
        slots[index] = -1;
        return other;
      }
      slot = (slot + 1) & mask;
    }
    hashes[index] = hash;
    table[slot] = index + 1;
    slots[index] = slot;
    return -1;
  }

  private int start(int index) {
    return (int) (ranges[index] >>> 32);
  }

  private int length(int index) {
    return (int) ranges[index];
  }

  private boolean equal(int a, int b, ColumnBuffer data) {
    int length = length(a);
    if (length != length(b)) {
      return false;
    }
    long left = data.address() + start(a);
    long right = data.address() + start(b);
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

  /** Enters again, in their order, those that are entered: each in a map of more than LINEAR. */
  private void enlargeTable() {
    int[] old = table;
    table = new int[4 * Integer.highestOneBit(top)];
    int mask = table.length - 1;
    int[] live = Arrays.stream(old).filter(entry -> entry != 0).sorted().toArray();
    for (int entry : live) {
      int slot = hashes[entry - 1] & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = entry;
      slots[entry - 1] = slot;
    }
  }

  private void grow() {
    int size = 2 * prints.length;
    prints = Arrays.copyOf(prints, size);
    ranges = Arrays.copyOf(ranges, size);
    hashes = Arrays.copyOf(hashes, size);
    slots = Arrays.copyOf(slots, size);
  }
}
