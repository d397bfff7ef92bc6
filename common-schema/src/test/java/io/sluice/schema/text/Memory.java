package io.sluice.schema.text;

import java.nio.charset.StandardCharsets;
import java.util.function.LongToIntFunction;
import org.apache.arrow.memory.util.MemoryUtil;

/** Raw memory for one text. */
final class Memory {

  /** What a writer writes, with guard bytes behind the room it was promised. */
  static byte[] written(int room, LongToIntFunction writer) {
    long address = MemoryUtil.allocateMemory(room + 8L);
    try {
      MemoryUtil.putLong(address + room, GUARD);
      int length = writer.applyAsInt(address);
      if (length > room || MemoryUtil.getLong(address + room) != GUARD) {
        throw new AssertionError("wrote beyond its room of " + room);
      }
      byte[] bytes = new byte[length];
      MemoryUtil.copyFromMemory(address, bytes, 0, length);
      return bytes;
    } finally {
      MemoryUtil.freeMemory(address);
    }
  }

  static String text(int room, LongToIntFunction writer) {
    return new String(written(room, writer), StandardCharsets.UTF_8);
  }

  private static final long GUARD = 0x5a17c0de5a17c0deL;

  private Memory() {}
}
