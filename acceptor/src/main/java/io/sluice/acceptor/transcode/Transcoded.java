package io.sluice.acceptor.transcode;

/** A request as protobuf, and what was forgiven on the way. */
public final class Transcoded {

  private final byte[] array;
  private final int length;
  private final long enumNames;
  private final long replaced;
  private final long unknownFields;

  Transcoded(byte[] array, int length, long enumNames, long replaced, long unknownFields) {
    this.array = array;
    this.length = length;
    this.enumNames = enumNames;
    this.replaced = replaced;
    this.unknownFields = unknownFields;
  }

  /** Its bytes, from 0 to {@link #length}. */
  public byte[] array() {
    return array;
  }

  public int length() {
    return length;
  }

  /** Enums that were given by name, which OTLP forbids and Sluice takes. */
  public long enumNames() {
    return enumNames;
  }

  /** Halves of surrogate pairs that became U+FFFD. */
  public long replaced() {
    return replaced;
  }

  /** Fields passed, which OTLP has not, with all they hold: those inside are not counted. */
  public long unknownFields() {
    return unknownFields;
  }
}
