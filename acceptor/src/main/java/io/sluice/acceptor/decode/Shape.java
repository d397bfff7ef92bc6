package io.sluice.acceptor.decode;

import org.jspecify.annotations.Nullable;

/**
 * Which fields of a message have something inside that can be malformed: enough to tell protobuf
 * from what is none, for messages whose bytes are kept as they are. Built while classes are
 * initialised, never changed later.
 */
final class Shape {

  /** Packed numbers. */
  static final Shape VARINTS = new Shape();

  static final Shape FIXED64S = new Shape();

  /** A message in which nothing is nested. */
  static final Shape FLAT = new Shape();

  private static final int TAGS = 1 << 7; // of one byte: no message here has others

  private final @Nullable Shape[] fields = new Shape[TAGS];

  Shape with(int tag, Shape inside) {
    fields[tag] = inside;
    return this;
  }

  /** What the field has inside; null if the wire format alone tells its end. */
  @Nullable Shape field(int tag) {
    return tag >= 0 && tag < TAGS ? fields[tag] : null;
  }
}
