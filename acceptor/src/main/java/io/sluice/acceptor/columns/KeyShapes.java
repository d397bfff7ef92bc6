package io.sluice.acceptor.columns;

/**
 * The last few sorts of rows of one map of attributes: a program's records repeat a handful of key
 * lists. They outlive the rows, so that the first row of a request finds its own, too. One thread
 * owns it.
 */
final class KeyShapes {

  private static final int SHAPES = 4;

  private final KeyShape[] shapes = new KeyShape[SHAPES];
  private int current;

  KeyShapes() {
    for (int i = 0; i < SHAPES; i++) {
      shapes[i] = new KeyShape();
    }
  }

  /** The shape found or learned last. */
  KeyShape current() {
    return shapes[current];
  }

  /**
   * Goes to another shape that has the first so many keys of the current one, then this key; false
   * if there is none.
   *
   * @param source with {@link KeyShape#SLACK} bytes behind the key
   */
  boolean find(int ordinal, byte[] source, int offset, int length) {
    for (int i = 0; i < SHAPES; i++) {
      KeyShape shape = shapes[i];
      if (i != current
          && ordinal < shape.count()
          && shape.matches(ordinal, source, offset, length)
          && shape.begins(shapes[current], ordinal)) {
        current = i;
        return true;
      }
    }
    return false;
  }

  /**
   * Learns the keys of a row of a column, which are distinct and not those of any shape.
   *
   * @param extended true if they begin with all of the current shape's
   */
  void learn(BytesColumn keys, int row, int number, boolean extended) {
    int next = extended ? current : (current + 1) % SHAPES;
    if (shapes[next].learn(keys, row, number)) {
      current = next;
    }
  }

  /** Bytes of memory it holds. */
  long capacity() {
    long bytes = 0;
    for (KeyShape shape : shapes) {
      bytes += shape.capacity();
    }
    return bytes;
  }
}
