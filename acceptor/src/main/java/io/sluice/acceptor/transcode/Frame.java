package io.sluice.acceptor.transcode;

import org.jspecify.annotations.Nullable;

/** A message that is being read, and which of its fields. One transcoder owns it, and reuses it. */
final class Frame {

  private static final int NO_LIST = -1;

  Message message = CommonMessages.ANY_VALUE;

  /** For {@link WireWriter#end} of the message. */
  int begun;

  /** For {@link WireWriter#end} of the packed values that are being read. */
  int packed;

  /** The field whose value is being read. */
  @Nullable Field field;

  /** Which element of its list is read or comes next. */
  private int index;

  private long seen;
  private boolean chosen;

  void start(Message message, int begun) {
    this.message = message;
    this.begun = begun;
    field = null;
    index = NO_LIST;
    seen = 0;
    chosen = false;
  }

  /** A field's name was read. */
  void name(@Nullable Field field) {
    this.field = field;
    index = NO_LIST;
    if (field == null) {
      return;
    }
    if ((seen & field.bit()) != 0) {
      throw new ValueException("there twice");
    }
    seen |= field.bit();
  }

  boolean inList() {
    return index != NO_LIST;
  }

  int index() {
    return index;
  }

  void list() {
    index = 0;
  }

  /** A value is complete. */
  void next() {
    if (inList()) {
      index++;
    }
  }

  void endList() {
    index = NO_LIST;
  }

  /** A member of the message's oneof has a value. */
  void choose() {
    if (chosen) {
      throw new ValueException("a second member of the same oneof");
    }
    chosen = true;
  }
}
