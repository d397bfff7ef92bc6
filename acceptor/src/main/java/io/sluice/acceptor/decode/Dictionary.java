package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.length;

import java.util.Arrays;

/**
 * Where the strings and attributes are that the request at hand has in its dictionary; empty for
 * all signals but profiles. What a few bytes of indices give may be far more than the request, so
 * that all that is looked up is counted. One thread owns it.
 */
final class Dictionary {

  /** No such entry; else a range, as of {@link ProtoReader#range}. */
  static final long NONE = -1;

  private final DecodeLimits limits;
  private long[] strings = new long[0];
  private int stringCount;
  private long[] attributes = new long[0];
  private int attributeCount;
  private long lookedUp;

  Dictionary(DecodeLimits limits) {
    this.limits = limits;
  }

  /** Another request begins. */
  void clear() {
    stringCount = 0;
    attributeCount = 0;
    lookedUp = 0;
  }

  void addString(long range) {
    strings = withRoom(strings, stringCount);
    strings[stringCount++] = range;
  }

  void addAttribute(long range) {
    attributes = withRoom(attributes, attributeCount);
    attributes[attributeCount++] = range;
  }

  private long[] withRoom(long[] table, int count) {
    if (count == limits.records()) {
      throw new RequestTooLargeException(
          "cannot take a request whose dictionary has more than "
              + limits.records()
              + " strings or attributes");
    }
    return count < table.length ? table : Arrays.copyOf(table, Math.max(64, 2 * count));
  }

  /** The string of an index, 0 among them. */
  long string(int index) {
    return index >= 0 && index < stringCount ? found(strings[index]) : NONE;
  }

  /** The same where 0 stands for none at all. */
  long stringIfAny(int index) {
    return index == 0 ? NONE : string(index);
  }

  /** What stands for it, where a message has both. */
  long orElse(int index, long range) {
    long found = stringIfAny(index);
    return found == NONE ? range : found;
  }

  /** The KeyValueAndUnit of an index; 0 stands for none at all. */
  long attribute(int index) {
    return index > 0 && index < attributeCount ? found(attributes[index]) : NONE;
  }

  private long found(long range) {
    lookedUp += length(range);
    if (lookedUp > limits.columnBytes()) {
      throw new RequestTooLargeException(
          "cannot take a request whose indices stand for more than "
              + limits.columnBytes()
              + " bytes of its dictionary");
    }
    return range;
  }

  /** Bytes of memory it holds. */
  long capacity() {
    return (long) Long.BYTES * (strings.length + attributes.length);
  }
}
