package io.sluice.schema.otlp;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What a record hangs below: a resource's or scope's group, or a metric. Neighbours of an equal
 * level share it.
 *
 * @param field the number of the field of the level above
 * @param own the message's bytes without what hangs below it
 * @param inner for a metric the container of its points; what hangs below goes there
 */
record Level(int field, ByteString own, @Nullable Level inner) {

  Level(int field, ByteString own) {
    this(field, own, null);
  }
}
