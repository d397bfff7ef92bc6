package io.sluice.writer.parquet;

import java.util.Arrays;

/**
 * The places of a field in a range of rows, in order: each has a value's index, or says by a
 * definition level which parent is null or empty. One of a kind is counted, others are listed.
 * Nodes below a list share those of the list. One thread uses it.
 */
final class Slots {

  private int count;

  /** Index of a value, or a definition level's complement; not of dense or empty slots. */
  private int[] places = new int[0];

  /** Repetition levels: our own, or those of the slots we are made from. */
  private byte[] repetitions = new byte[0];

  private byte[] own = repetitions;

  /** Every repetition level is 0, and listed nowhere. */
  private boolean flat = true;

  /** Every place has a value, and the first is that of index 0. */
  private boolean dense;

  /** No place has a value: all have this level. At least 0 if so. */
  private int emptyLevel = -1;

  int count() {
    return count;
  }

  boolean isDense() {
    return dense;
  }

  boolean isEmpty() {
    return emptyLevel >= 0;
  }

  /** The definition level of slots that are all empty. */
  int emptyLevel() {
    return emptyLevel;
  }

  /** The value's index, or a definition level's complement. */
  int place(int slot) {
    return dense ? slot : isEmpty() ? ~emptyLevel : places[slot];
  }

  /** Repetition level. */
  int repetition(int slot) {
    return flat ? 0 : repetitions[slot];
  }

  void repetitionsTo(Levels levels) {
    if (flat) {
      levels.add(0, count);
    } else {
      levels.add(repetitions, count);
    }
  }

  /** Rows of a table. */
  void setRows(int rows) {
    count = rows;
    flat = true;
    dense = true;
    emptyLevel = -1;
  }

  /** As many as the parent has, none with a value. */
  void setEmpty(Slots parent, int level) {
    count = parent.count;
    repetitions = parent.repetitions;
    flat = parent.flat;
    dense = false;
    emptyLevel = level;
  }

  /** As many as the parent has; {@link #setPlace} says what each has. */
  void setLike(Slots parent) {
    count = parent.count;
    repetitions = parent.repetitions;
    flat = parent.flat;
    dense = false;
    emptyLevel = -1;
    if (places.length < count) {
      places = new int[count + (count >> 1)];
    }
  }

  void setPlace(int slot, int place) {
    places[slot] = place;
  }

  /** Begins a list of slots, each by {@link #add} or {@link #addElements}. */
  void begin() {
    count = 0;
    emptyLevel = -1;
    dense = true;
    flat = false;
    repetitions = own;
  }

  /** A slot without a value. */
  void add(int repetition, int place) {
    room(1);
    dense = false;
    places[count] = place;
    repetitions[count++] = (byte) repetition;
  }

  /** A list's elements. */
  void addElements(int repetition, int from, int to, int elementRepetition) {
    int n = to - from;
    room(n);
    dense &= from == count;
    for (int i = 0; i < n; i++) {
      places[count + i] = from + i;
    }
    Arrays.fill(repetitions, count, count + n, (byte) elementRepetition);
    repetitions[count] = (byte) repetition;
    count += n;
  }

  private void room(int more) {
    int least = count + more;
    if (least > places.length) {
      places = Arrays.copyOf(places, Math.max(least, 2 * places.length));
    }
    if (least > own.length) {
      own = Arrays.copyOf(own, Math.max(least, 2 * own.length));
      repetitions = own;
    }
  }
}
