package io.sluice.schema.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The app_metadata of a PutResult: how one DoPut message ended.
 *
 * <pre>
 * version u8 = 1 | status u8 | want u16 | batch count u32 | sequence u64 | retry-after u32 ms
 * one byte per batch (0 stored, 1 repeat) | leader's address or reason, UTF-8   (little-endian)
 * </pre>
 *
 * <p>Who does not know the want reads past it, and who does not tell it sends 0: so it needs no
 * version of its own.
 *
 * @param want what a REFUSED message wants; {@link Want#ROOM} with any other status
 * @param repeats for each batch, whether it was a repeat; empty unless the status is DONE
 * @param text the leader's address (NOT_LEADER) or the reason (REFUSED, MALFORMED)
 */
public record PutAnswer(
    Status status,
    Want want,
    long sequence,
    int retryAfterMillis,
    List<Boolean> repeats,
    String text) {

  public static final int VERSION = 1;
  private static final int HEADER = 20;

  /** What the sender does next. */
  public enum Status {
    /** Durable and applied. */
    DONE(0),
    /** Not taken; the same message may be sent again later. */
    REFUSED(1),
    /** Not taken; another Writer leads this log. */
    NOT_LEADER(2),
    /** Will never be taken. */
    MALFORMED(3);

    private final int code;

    Status(int code) {
      this.code = code;
    }
  }

  /** What there is none of for a refused message: it decides what clients are told. */
  public enum Want {
    /** Room: too much comes. Clients are told RESOURCE_EXHAUSTED / 429. */
    ROOM(0),
    /** A Writer that can take anything at all. Clients are told UNAVAILABLE / 503. */
    WRITER(1);

    private final int code;

    Want(int code) {
      this.code = code;
    }

    /** One that is not known yet is told as what every client comes again after. */
    private static Want of(int code) {
      return code == ROOM.code ? ROOM : WRITER;
    }
  }

  public static PutAnswer done(long sequence, List<Boolean> repeats) {
    return new PutAnswer(Status.DONE, Want.ROOM, sequence, 0, repeats, "");
  }

  /** For want of room. */
  public static PutAnswer refused(long sequence, int retryAfterMillis, String reason) {
    return refused(Want.ROOM, sequence, retryAfterMillis, reason);
  }

  public static PutAnswer refused(Want want, long sequence, int retryAfterMillis, String reason) {
    return new PutAnswer(Status.REFUSED, want, sequence, retryAfterMillis, List.of(), reason);
  }

  /**
   * @param leader its Flight address; empty if it is not known
   */
  public static PutAnswer notLeader(long sequence, String leader) {
    return new PutAnswer(Status.NOT_LEADER, Want.ROOM, sequence, 0, List.of(), leader);
  }

  public static PutAnswer malformed(long sequence, String reason) {
    return new PutAnswer(Status.MALFORMED, Want.ROOM, sequence, 0, List.of(), reason);
  }

  /** Reads from the buffer's position to its limit, which it leaves as they are. */
  public static PutAnswer parse(ByteBuffer buffer) throws MalformedMessageException {
    ByteBuffer in = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() < HEADER || in.get(0) != VERSION) {
      throw new MalformedMessageException(
          "cannot read put answer: %d bytes, version %d"
              .formatted(in.remaining(), in.hasRemaining() ? in.get(0) : -1));
    }
    in.get();
    Status status = status(Byte.toUnsignedInt(in.get()));
    Want want = Want.of(Short.toUnsignedInt(in.getShort()));
    int count = in.getInt();
    long sequence = in.getLong();
    int retryAfter = in.getInt();
    if (count < 0 || count > in.remaining()) {
      throw new MalformedMessageException(
          "cannot read put answer: %d batches in %d bytes".formatted(count, in.remaining()));
    }
    List<Boolean> repeats = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      repeats.add(in.get() == 1);
    }
    return new PutAnswer(
        status, want, sequence, retryAfter, repeats, StandardCharsets.UTF_8.decode(in).toString());
  }

  public byte[] toBytes() {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(HEADER + repeats.size() + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) VERSION).put((byte) status.code).putShort((short) want.code);
    out.putInt(repeats.size()).putLong(sequence).putInt(retryAfterMillis);
    for (boolean repeat : repeats) {
      out.put((byte) (repeat ? 1 : 0));
    }
    return out.put(bytes).array();
  }

  private static Status status(int code) throws MalformedMessageException {
    for (Status status : Status.values()) {
      if (status.code == code) {
        return status;
      }
    }
    throw new MalformedMessageException("cannot read put answer: status " + code);
  }
}
