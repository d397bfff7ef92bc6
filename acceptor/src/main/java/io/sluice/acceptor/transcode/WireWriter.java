package io.sluice.acceptor.transcode;

import io.sluice.acceptor.transcode.TranscodeException.Reason;
import java.util.Arrays;

/**
 * Protobuf written from front to back. A nested message has a length before it that is known behind
 * it: one byte is left for it, which is enough for most. The few longer ones stand in a list, in
 * the order of their beginning, until {@link #finish} moves what is behind each of them, from the
 * last to the first: every byte at most once.
 *
 * <pre>
 * while it is written   tag ? content...               at[i] is the place of ?
 * short (under 128)     tag length content...          and leaves the list, as all inside it have
 * long                  tag ? content...               size[i] = its final length
 * finished              tag length length content...
 * </pre>
 *
 * One thread owns it.
 */
final class WireWriter {

  private static final int SHORT = 0x80;
  private static final int MAX_VARINT = 10;

  /** What a buffer may have beyond the limit, so that writing need not be exact about it. */
  private static final int SLACK = 64;

  private static final int FIRST_LIST = 16;

  private final Room room;
  private final int limit;

  /** The bytes, and where the next goes; others may use what is behind it as scratch. */
  byte[] buf = {};

  int pos;

  private int[] at = new int[FIRST_LIST];

  /** Final length of a message that has ended; what {@code extra} was when it began before that. */
  private int[] size = new int[FIRST_LIST];

  private int count;

  /** What the room knows of the list. */
  private long listBytes;

  /** How many bytes the lengths in the list will take beyond the one that is left for each. */
  private int extra;

  /**
   * @param first bytes to begin with
   * @param limit of the finished bytes
   */
  WireWriter(Room room, int first, int limit) throws TranscodeException {
    this.room = room;
    this.limit = limit;
    enlarge(Math.min(first, limit) + SLACK);
  }

  /** Makes room for so many bytes more. */
  void ensure(int more) throws TranscodeException {
    if (buf.length - pos < more) {
      grow(more);
    }
  }

  void varint(long value) throws TranscodeException {
    ensure(MAX_VARINT);
    pos = putVarint(value, pos);
  }

  void fixed64(long value) throws TranscodeException {
    ensure(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      buf[pos++] = (byte) (value >>> (8 * i));
    }
  }

  void fixed32(int value) throws TranscodeException {
    ensure(Integer.BYTES);
    for (int i = 0; i < Integer.BYTES; i++) {
      buf[pos++] = (byte) (value >>> (8 * i));
    }
  }

  void bytes(byte[] from, int offset, int length) throws TranscodeException {
    ensure(length);
    System.arraycopy(from, offset, buf, pos, length);
    pos += length;
  }

  /** A length-delimited field's content begins; what this returns is for {@link #end}. */
  int begin() throws TranscodeException {
    ensure(1);
    if (count == at.length) {
      enlargeList();
    }
    at[count] = pos++;
    size[count] = extra;
    return count++;
  }

  /** It ends, as all that began in it have. */
  void end(int begun) {
    int length = pos - at[begun] - 1 + extra - size[begun];
    if (length < SHORT) {
      buf[at[begun]] = (byte) length;
      count = begun;
    } else {
      size[begun] = length;
      extra += varintSize(length) - 1;
    }
  }

  /** Puts the lengths in; the number of bytes from the buffer's first. */
  int finish() throws TranscodeException {
    if ((long) pos + extra > limit) {
      throw tooLarge();
    }
    ensure(extra);
    int from = pos;
    int to = pos + extra;
    int length = to;
    for (int i = count - 1; i >= 0; i--) {
      int content = from - at[i] - 1;
      to -= content;
      from -= content + 1;
      System.arraycopy(buf, from + 1, buf, to, content);
      to -= varintSize(size[i]);
      putVarint(size[i], to);
    }
    room.free(listBytes);
    return length;
  }

  static int varintSize(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  private int putVarint(long value, int to) {
    long rest = value;
    int next = to;
    while ((rest & -SHORT) != 0) {
      buf[next++] = (byte) (rest | SHORT);
      rest >>>= 7;
    }
    buf[next++] = (byte) rest;
    return next;
  }

  private void grow(int more) throws TranscodeException {
    long least = (long) pos + more;
    long most = (long) limit + SLACK;
    if (least > most) {
      throw tooLarge();
    }
    enlarge((int) Math.min(Math.max(2L * buf.length, least), most));
  }

  private void enlarge(int length) throws TranscodeException {
    use(length);
    int before = buf.length;
    buf = Arrays.copyOf(buf, length);
    room.free(before);
  }

  private void enlargeList() throws TranscodeException {
    int entries = 2 * at.length;
    long before = listBytes;
    use(2L * Integer.BYTES * entries);
    listBytes = 2L * Integer.BYTES * entries;
    at = Arrays.copyOf(at, entries);
    size = Arrays.copyOf(size, entries);
    room.free(before);
  }

  private void use(long bytes) throws TranscodeException {
    if (!room.use(bytes)) {
      throw new TranscodeException(Reason.NO_ROOM, "no room for the request as protobuf");
    }
  }

  private TranscodeException tooLarge() {
    return new TranscodeException(
        Reason.TOO_LARGE,
        "cannot take the request: as protobuf it is larger than %d bytes (otlp.max-request-size)"
            .formatted(limit));
  }
}
