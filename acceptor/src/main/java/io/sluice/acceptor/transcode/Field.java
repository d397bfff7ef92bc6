package io.sluice.acceptor.transcode;

/**
 * A field of a message.
 *
 * @param name in lowerCamelCase
 * @param number in the .proto file
 * @param ordinal in its message, from 0 to 63
 */
record Field(String name, int number, Type type, Label label, int ordinal) {

  enum Label {
    /** A scalar that is not told apart from its default, or a message. */
    SINGLE,
    OPTIONAL,
    /** Of its message's only oneof. */
    ONEOF,
    REPEATED
  }

  boolean repeated() {
    return label == Label.REPEATED;
  }

  /** Whether a default value is no value. */
  boolean implicit() {
    return label == Label.SINGLE;
  }

  /** One run of all values instead of a tag before each. */
  boolean packed() {
    return repeated() && type.wireType() != Type.LEN;
  }

  long bit() {
    return 1L << ordinal;
  }

  int tag() {
    return number << 3 | (repeated() ? Type.LEN : type.wireType());
  }
}
