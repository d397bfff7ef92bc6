package io.sluice.writer.raft;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/**
 * A record that is larger than a Raft entry should be goes as several, one after the other; its
 * position is the last one's. Where one of them was not taken, or the lead was lost between them,
 * there is no record: parts are of one only if they have its number, which who leads gives once in
 * its term, and are of one term. One thread uses an object. Little-endian:
 *
 * <pre>
 * version u8 = 1 | kind u8 = 3 | 1 if it is the last, u8 | 0 u8 | number from 0, u32
 * record's number u64 | bytes
 * </pre>
 */
final class EntryParts {

  /** Well within what Ratis sends and buffers at once. */
  static final int MOST_BYTES = 4 << 20;

  private static final int HEADER = 16;
  private static final byte VERSION = 1;
  private static final byte KIND = 3;

  private @Nullable ByteArrayOutputStream begun;
  private int expected;
  private long record;
  private long term;

  /**
   * The whole as entries; itself if it is small.
   *
   * @param record another for each record that is appended in a term
   */
  static List<ByteString> split(ByteString whole, int most, long record) {
    if (whole.size() <= most) {
      return List.of(whole);
    }
    List<ByteString> parts = new ArrayList<>();
    int step = most - HEADER;
    for (int from = 0; from < whole.size(); from += step) {
      int to = Math.min(whole.size(), from + step);
      ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
      header.put(VERSION).put(KIND).put((byte) (to == whole.size() ? 1 : 0)).put((byte) 0);
      header.putInt(parts.size()).putLong(record).flip();
      parts.add(UnsafeByteOperations.unsafeWrap(header).concat(whole.substring(from, to)));
    }
    return parts;
  }

  static boolean isPart(ByteString data) {
    return data.size() >= HEADER && data.byteAt(0) == VERSION && data.byteAt(1) == KIND;
  }

  /** Whether a record ends here, if there is one. */
  static boolean isLast(ByteString data) {
    return !isPart(data) || data.byteAt(2) == 1;
  }

  /**
   * The whole that ends with these bytes; null if it does not end here, or has no beginning.
   *
   * @param data of the next entry
   * @param ofTerm the entry's
   */
  @Nullable ByteString add(ByteString data, long ofTerm) throws IOException {
    if (!isPart(data)) {
      begun = null;
      return data;
    }
    ByteBuffer header = data.asReadOnlyByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
    int number = header.getInt(4);
    long ofRecord = header.getLong(8);
    if (number == 0) {
      begun = new ByteArrayOutputStream();
      record = ofRecord;
      term = ofTerm;
    } else if (number != expected || ofRecord != record || ofTerm != term) {
      begun = null;
    }
    ByteArrayOutputStream parts = begun;
    if (parts == null) {
      return null;
    }
    data.substring(HEADER).writeTo(parts);
    expected = number + 1;
    begun = isLast(data) ? null : parts;
    return isLast(data) ? UnsafeByteOperations.unsafeWrap(parts.toByteArray()) : null;
  }

  /** An entry without data comes next. */
  void pass(long ofTerm) {
    begun = ofTerm == term ? begun : null;
  }

  /** Whether a record has begun that may end with a later entry. */
  boolean hasBegun() {
    return begun != null;
  }

  void reset() {
    begun = null;
  }
}
