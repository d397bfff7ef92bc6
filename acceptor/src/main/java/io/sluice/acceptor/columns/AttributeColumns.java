package io.sluice.acceptor.columns;

import java.util.Arrays;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A map of attributes and its type letters. An entry is {@link #addKey}, one value added to {@link
 * #values}, {@link #endEntry}; a row is its entries and {@link #endRow}. One thread fills it.
 *
 * <p>Records mostly have the keys of one before, in the same order: as long as they do, they are as
 * distinct as those and are not looked up; and they are UTF-8, and are written all at once.
 */
public final class AttributeColumns {

  private static final int UNLIKE = Integer.MAX_VALUE;

  private final ListColumn map;
  private final BytesColumn keys;
  private final BytesColumn values;
  private final BytesColumn types;
  private final StructColumn spare;
  private final KeySet seen;
  private final KeyShapes shapes = new KeyShapes();

  // The row in progress. Alike: how many of its keys are the shape's, and not written yet, which
  // are all so far; UNLIKE once one is not.
  private KeyShape shape = shapes.current();
  private int known; // keys of the shape
  private int alike;
  private int entries; // if UNLIKE
  private boolean extended; // UNLIKE, after all keys of the shape
  private boolean typed; // one is not a string
  private boolean repeated;
  private int[] latest = new int[0]; // if repeated: each key's last entry; -1 for what repeats it

  AttributeColumns(ListColumn map, BytesColumn types, Shared shared) {
    this.map = map;
    this.keys = map.structs().bytes("key");
    this.values = map.structs().bytes("value");
    this.types = types.absentIsNull();
    this.spare = shared.entries();
    this.seen = shared.newKeySet();
  }

  /** The columns were cut back: what was in progress is gone. */
  void cut() {
    entries = 0;
    alike = 0;
    extended = false;
    typed = false;
    repeated = false;
  }

  /**
   * Adds the next entry's key.
   *
   * @return false if it is not UTF-8
   */
  public boolean addKey(byte[] source, int offset, int length) {
    int next = alike;
    if (next < known
        && offset + length + KeyShape.SLACK <= source.length
        && shape.matches(next, source, offset, length)) {
      alike = next + 1;
      return true;
    }
    return addOther(source, offset, length);
  }

  private boolean addOther(byte[] source, int offset, int length) {
    int ordinal = entries;
    if (alike != UNLIKE) {
      ordinal = alike;
      if (offset + length + KeyShape.SLACK <= source.length
          && shapes.find(ordinal, source, offset, length)) {
        use(shapes.current());
        alike = ordinal + 1;
        return true;
      }
      shape.addTo(keys, ordinal);
      alike = UNLIKE;
      extended = ordinal == known;
      seen.end(0);
      for (int key = map.start(); key < map.start() + ordinal; key++) {
        seen.add(0, keys.data(), keys.start(key), keys.start(key + 1) - keys.start(key));
      }
    }
    entries = ordinal + 1;
    int start = keys.start();
    boolean valid = keys.addText(source, offset, length);
    int same = seen.add(0, keys.data(), start, keys.start() - start);
    if (same >= 0 || repeated) {
      track(ordinal, same);
    }
    return valid;
  }

  private void use(KeyShape next) {
    shape = next;
    known = next.count();
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
    return seen.capacity() + shapes.capacity() + (long) Integer.BYTES * latest.length;
  }

  /** Where the entry's value goes. */
  public BytesColumn values() {
    return values;
  }

  /** The entry's value is added, and this is its type letter. */
  public void endEntry(byte letter) {
    types.data().putByte(letter);
    typed |= letter != 's';
  }

  /** Room for the type letters of so many entries, which {@link #endEntries} ends. */
  public long reserveLetters(int count) {
    return types.data().reserve(count);
  }

  /**
   * Ends so many entries whose keys are added, and whose values and letters were written to what
   * was reserved.
   *
   * @param address behind the last value
   * @param others whether one of the letters is not that of strings
   */
  public void endEntries(int count, long address, boolean others) {
    values.data().endAt(address);
    values.ended(count);
    types.data().advance(count);
    typed |= others;
  }

  /**
   * Ends the row.
   *
   * @return false if a key came more than once: it is now there once, where it came first, with its
   *     last value
   */
  public boolean endRow() {
    boolean once = !repeated;
    if (alike != UNLIKE) {
      if (alike > 0) {
        shape.addTo(keys, alike);
      }
    } else if (once) {
      shapes.learn(keys, map.start(), entries, extended);
      use(shapes.current());
    } else {
      keepLast();
    }
    if (typed) {
      types.fill(map.rows());
      types.endValue();
    } else {
      types.data().truncate(types.start());
    }
    map.endRow();
    cut();
    return once;
  }

  /** A row without a map. */
  public void addNullRow() {
    map.addNull();
    cut();
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
        byte letter = MemoryUtil.getByte(letters + last);
        MemoryUtil.putByte(letters + kept, letter);
        allStrings &= letter == 's';
        kept++;
      }
    }
    typed = !allStrings;
    types.data().truncate(types.start() + kept);
    map.dropElements();
    map.structs().append(spare);
  }
}
