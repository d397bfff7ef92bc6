package io.sluice.bench.record;

import com.google.protobuf.MessageLite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a request in which ids, times and keys are written over in place: making a request
 * costs some 10 ns a record, so that the load leaves the cores to what it loads. Owned by one lane.
 */
public final class Template {

  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };
  private static final long NANOS_BETWEEN_RECORDS = 1_013;

  private final Shape shape;
  private final byte[] bytes;
  private final Slot[] kinds;
  private final int[] offsets;
  private final int[] ordinals;
  private final Content[] contents;

  private Template(
      Shape shape, byte[] bytes, Slot[] kinds, int[] offsets, int[] ordinals, Content[] contents) {
    this.shape = shape;
    this.bytes = bytes;
    this.kinds = kinds;
    this.offsets = offsets;
    this.ordinals = ordinals;
    this.contents = contents;
  }

  /** Finds the slots in a request that has their marks. */
  static Template of(Shape shape, MessageLite request) {
    byte[] bytes = request.toByteArray();
    List<Slot> kinds = new ArrayList<>();
    List<Integer> offsets = new ArrayList<>();
    for (int i = 0; i < bytes.length; i++) {
      Slot slot = Slot.at(bytes, i);
      if (slot != null) {
        kinds.add(slot);
        offsets.add(i);
        i += Slot.MARK_LENGTH - 1;
      }
    }
    return new Template(
        shape,
        bytes,
        kinds.toArray(Slot[]::new),
        offsets.stream().mapToInt(Integer::intValue).toArray(),
        offsets.stream().mapToInt(at -> Slot.ordinalAt(bytes, at)).toArray(),
        Content.of(shape, request));
  }

  /** The same for another lane. */
  public Template copy() {
    return new Template(shape, bytes.clone(), kinds, offsets, ordinals, contents);
  }

  public Shape shape() {
    return shape;
  }

  /** What a record says besides its key and its time, in every request alike. */
  public Content content(int ordinal) {
    return contents[ordinal];
  }

  /**
   * Makes the request.
   *
   * @param epochNanos the time of its first record; the others follow within a millisecond
   * @return the template's own array, valid until the next call
   */
  public byte[] fill(RunKeys keys, int lane, int request, long epochNanos) {
    long first = RunKeys.pack(lane, request, 0);
    for (int i = 0; i < kinds.length; i++) {
      int at = offsets[i];
      int ordinal = ordinals[i];
      switch (kinds[i]) {
        case TRACE -> {
          long high = keys.traceHigh(first | ordinal);
          BIG.set(bytes, at, high);
          BIG.set(bytes, at + 8, keys.traceLow(high));
        }
        case SPAN -> BIG.set(bytes, at, keys.spanId(first | ordinal));
        case START -> LITTLE.set(bytes, at, start(epochNanos, ordinal));
        case END -> LITTLE.set(bytes, at, start(epochNanos, ordinal) + duration(first | ordinal));
        case KEY -> {
          hex(at, keys.run(), 16);
          bytes[at + 16] = '.';
          hex(at + 17, first | ordinal, 16);
        }
        case FRESH -> hex(at, RunKeys.mix(keys.run() + (first | ordinal)), 8);
      }
    }
    return bytes;
  }

  /** The time that {@link #fill} was given, from a record's start. */
  public static long madeAt(long startNanos, int ordinal) {
    return startNanos - ordinal * NANOS_BETWEEN_RECORDS;
  }

  /** The time of a record of a request that {@link #fill} was given that time for. */
  public static long start(long epochNanos, int ordinal) {
    return epochNanos + ordinal * NANOS_BETWEEN_RECORDS;
  }

  /** From 0.1 ms to some 270 ms. */
  private static long duration(long key) {
    return 100_000 + (RunKeys.mix(key) & 0xfffffff);
  }

  private void hex(int at, long value, int digits) {
    for (int i = digits - 1; i >= 0; i--) {
      bytes[at + i] = DIGITS[(int) (value >>> (4 * (digits - 1 - i))) & 15];
    }
  }
}
