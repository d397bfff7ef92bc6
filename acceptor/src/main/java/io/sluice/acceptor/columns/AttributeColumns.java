package io.sluice.acceptor.columns;

import java.util.Arrays;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A map of attributes and its type letters. An entry is {@link #addKey}, one value added to {@link
 * #values}, {@link #endEntry}; a row is its entries and {@link #endRow}. One thread fills it.
 *
 * <p>Neighbouring records mostly have the same keys in the same order: as long as they do, they are
 * as distinct as the row's before, and are not looked up.
 */
public final class AttributeColumns {

  private static final int UNLIKE = -1;

  private final ListColumn map;
  private final BytesColumn keys;
  private final BytesColumn values;
  private final BytesColumn types;
  private final StructColumn spare;
  private final KeySet seen;

  // The last whole row, if its keys were distinct: its first key, and how many there are.
  private int previous;
  private int previousCount;

  // The row in progress. Alike: how many of its keys are the previous row's; UNLIKE after that.
  private int entries;
  private int alike;
  private int previousStart; // of the previous row's key that may be the next
  private boolean typed;
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

  /** The columns were cut back: what was in progress, or the row before it, may be gone. */
  void cut() {
    previousCount = 0;
    begin();
  }

  private void begin() {
    entries = 0;
    alike = 0;
    previousStart = previousCount == 0 ? 0 : keys.start(previous);
    typed = false;
    repeated = false;
  }

  /**
   * Adds the next entry's key.
   *
   * @return false if it is not UTF-8
   */
  public boolean addKey(byte[] source, int offset, int length) {
    int ordinal = entries++;
    if (alike == ordinal && ordinal < previousCount && addPrevious(source, offset, length)) {
      alike = ordinal + 1;
      return true;
    }
    return addOther(ordinal, source, offset, length);
  }

  /**
   * Adds the key if it is the previous row's: compared while it is copied. What is equal to what is
   * stored is UTF-8, too.
   */
  private boolean addPrevious(byte[] source, int offset, int length) {
    int start = previousStart;
    int end = keys.start(previous + alike + 1);
    if (end - start != length || offset + length + 7 > source.length) {
      return false;
    }
    ColumnBuffer data = keys.data();
    long to = data.reserve(length);
    long stored = data.address() + start;
    long difference = 0;
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      long word = MemoryUtil.getLong(source, offset + i);
      MemoryUtil.putLong(to + i, word);
      difference |= word ^ MemoryUtil.getLong(stored + i);
    }
    int rest = length - i;
    if (rest > 0) {
      long word = MemoryUtil.getLong(source, offset + i);
      MemoryUtil.putLong(to + i, word);
      difference |= (word ^ MemoryUtil.getLong(stored + i)) << ((Long.BYTES - rest) << 3);
    }
    if (difference != 0) {
      return false;
    }
    data.advance(length);
    keys.endValue();
    previousStart = end;
    return true;
  }

  private boolean addOther(int ordinal, byte[] source, int offset, int length) {
    if (alike != UNLIKE) {
      alike = UNLIKE;
      seen.end(0);
      for (int key = map.start(); key < map.start() + ordinal; key++) {
        seen.add(0, keys.data(), keys.start(key), keys.start(key + 1) - keys.start(key));
      }
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
    if (letter == 's' && !typed) {
      return;
    }
    if (!typed) {
      typed = true;
      for (int i = entries; i > 1; i--) {
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
    boolean once = !repeated;
    if (!once) {
      keepLast();
    }
    previous = map.start();
    previousCount = once ? entries : 0;
    map.endRow();
    if (types.data().size() > types.start()) {
      types.endValue();
    } else {
      types.addNull();
    }
    begin();
    return once;
  }

  /** A row without a map. */
  public void addNullRow() {
    previousCount = 0;
    map.addNull();
    types.addNull();
    begin();
  }

  private void keepLast() {
    BytesColumn spareKeys = spare.bytes("key");
    BytesColumn spareValues = spare.bytes("value");
    spare.reset();
    int first = map.start();
    int count = keys.rows() - first;
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
