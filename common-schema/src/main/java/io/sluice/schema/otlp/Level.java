package io.sluice.schema.otlp;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What a record hangs below: a resource's or scope's group, or a metric. Neighbours of an equal
 * level share it.
 *
 * @param field the number of the field of the level above
 * @param own the message's bytes before what hangs below it
 * @param inner for a metric the container of its points; what hangs below goes there
 * @param tail the message's bytes after what hangs below it
 */
record Level(int field, ByteString own, @Nullable Level inner, ByteString tail) {

  Level(int field, ByteString own) {
    this(field, own, null, ByteString.EMPTY);
  }

  /** Bytes of it, without what hangs below it, at most. */
  int bound() {
    return OVERHEAD + own.size() + tail.size() + (inner == null ? 0 : inner.bound());
  }

  /** Of a tag and a length, at most. */
  private static final int OVERHEAD = 10;
}
