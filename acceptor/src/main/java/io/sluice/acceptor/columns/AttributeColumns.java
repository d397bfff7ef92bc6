package io.sluice.acceptor.columns;

import java.util.Arrays;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A map of attributes and its type letters. An entry is {@link #addKey}, one value added to {@link
 * #values}, {@link #endEntry}; a row is its entries and {@link #endRow}. What is in progress is
 * known from the columns alone, so that cutting them back needs nothing else. One thread fills it.
 */
public final class AttributeColumns {

  private final ListColumn map;
  private final BytesColumn keys;
  private final BytesColumn values;
  private final BytesColumn types;
  private final StructColumn spare;
  private final KeySet seen;
  private boolean repeated;
  private int[] latest = new int[0]; // if repeated: each key's last entry; -1 for what repeats it

  AttributeColumns(ListColumn map, BytesColumn types, Shared shared) {
    this.map = map;
    this.keys = map.structs().bytes("key");
    this.values = map.structs().bytes("value");
    this.types = types;
    this.spare = shared.entries();
    this.seen = shared.newKeySet();
  }

  /**
   * Adds the next entry's key.
   *
   * @return false if it is not UTF-8
   */
  public boolean addKey(byte[] source, int offset, int length) {
    int ordinal = keys.rows() - map.start();
    if (ordinal == 0) {
      seen.end(0);
      repeated = false;
    }
    int start = keys.start();
    boolean valid = keys.addText(source, offset, length);
    int same = seen.add(0, keys.data(), start, keys.start() - start);
    if (same >= 0 || repeated) {
      track(ordinal, same);
    }
    return valid;
  }

  private void track(int ordinal, int same) {
    if (ordinal >= latest.length) {
      latest = Arrays.copyOf(latest, 2 * ordinal + 1);
    }
    if (!repeated) {
      repeated = true;
      for (int i = 0; i < ordinal; i++) {
        latest[i] = i;
      }
    }
    latest[ordinal] = same < 0 ? ordinal : -1;
    if (same >= 0) {
      latest[same] = ordinal;
    }
  }

  /** Bytes of memory its arrays on the heap hold. */
  long capacity() {
    return seen.capacity() + (long) Integer.BYTES * latest.length;
  }

  /** Where the entry's value goes. */
  public BytesColumn values() {
    return values;
  }

  /** The entry's value is added, and this is its type letter. */
  public void endEntry(byte letter) {
    boolean typed = types.data().size() > types.start();
    if (letter == 's' && !typed) {
      return;
    }
    if (!typed) {
      for (int i = keys.rows() - map.start(); i > 1; i--) {
        types.data().putByte((byte) 's');
      }
    }
    types.data().putByte(letter);
  }

  /**
   * Ends the row.
   *
   * @return false if a key came more than once: it is now there once, where it came first, with its
   *     last value
   */
  public boolean endRow() {
    boolean once = keys.rows() == map.start() || !repeated;
    if (!once) {
      keepLast();
    }
    map.endRow();
    if (types.data().size() > types.start()) {
      types.endValue();
    } else {
      types.addNull();
    }
    return once;
  }

  /** A row without a map. */
  public void addNullRow() {
    map.addNull();
    types.addNull();
  }

  private void keepLast() {
    BytesColumn spareKeys = spare.bytes("key");
    BytesColumn spareValues = spare.bytes("value");
    spare.reset();
    int first = map.start();
    int count = keys.rows() - first;
    boolean typed = types.data().size() > types.start();
    boolean allStrings = true;
    long letters = types.data().address() + types.start();
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int last = latest[i];
      if (last >= 0) {
        spareKeys.addFrom(keys, first + i);
        spareValues.addFrom(values, first + last);
        if (typed) {
          byte letter = MemoryUtil.getByte(letters + last);
          MemoryUtil.putByte(letters + kept, letter);
          allStrings &= letter == 's';
        }
        kept++;
      }
    }
    if (typed) {
      types.data().truncate(types.start() + (allStrings ? 0 : kept));
    }
    map.dropElements();
    map.structs().append(spare);
  }
}
