package io.sluice.schema.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One arrow.flight.protocol.FlightData message as it lies in a buffer: views, no copies.
 *
 * <pre>
 * flight_descriptor = 1 (type = 1, cmd = 2, path = 3) | data_header = 2 | app_metadata = 3
 * data_body = 1000
 * </pre>
 *
 * @param path the descriptor's path, null if the message has none
 * @param header the IPC message's flatbuffer; empty if absent
 * @param metadata the app_metadata; empty if absent
 * @param body the IPC message's body; empty if absent
 */
public record FlightFrame(
    @Nullable List<String> path, ByteBuffer header, ByteBuffer metadata, ByteBuffer body) {

  public static final int DESCRIPTOR_TAG = 1 << 3 | 2;
  public static final int HEADER_TAG = 2 << 3 | 2;
  public static final int METADATA_TAG = 3 << 3 | 2;
  public static final int BODY_TAG = 1000 << 3 | 2;
  private static final int PATH_TAG = 3 << 3 | 2;

  /**
   * Reads the message between position and limit.
   *
   * @throws MalformedMessageException not a FlightData message
   */
  public static FlightFrame parse(ByteBuffer message) throws MalformedMessageException {
    ByteBuffer in = message.slice();
    List<String> path = null;
    ByteBuffer header = empty();
    ByteBuffer metadata = empty();
    ByteBuffer body = empty();
    while (in.hasRemaining()) {
      int tag = varint(in);
      switch (tag) {
        case DESCRIPTOR_TAG -> path = path(bytes(in));
        case HEADER_TAG -> header = bytes(in);
        case METADATA_TAG -> metadata = bytes(in);
        case BODY_TAG -> body = bytes(in);
        default -> skip(in, tag);
      }
    }
    return new FlightFrame(path, header, metadata, body);
  }

  /** A descriptor message with this path, to stand behind {@link #DESCRIPTOR_TAG}. */
  public static byte[] descriptor(List<String> path) {
    List<byte[]> parts = path.stream().map(p -> p.getBytes(StandardCharsets.UTF_8)).toList();
    int length = 2 + parts.stream().mapToInt(p -> 1 + varintSize(p.length) + p.length).sum();
    ByteBuffer out = ByteBuffer.allocate(length);
    out.put((byte) (1 << 3)).put((byte) 1);
    for (byte[] part : parts) {
      out.put((byte) PATH_TAG);
      putVarint(out, part.length);
      out.put(part);
    }
    return out.array();
  }

  public static int varintSize(int value) {
    return value == 0 ? 1 : (31 - Integer.numberOfLeadingZeros(value)) / 7 + 1;
  }

  public static void putVarint(ByteBuffer out, int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static List<String> path(ByteBuffer descriptor) throws MalformedMessageException {
    List<String> path = new ArrayList<>();
    while (descriptor.hasRemaining()) {
      int tag = varint(descriptor);
      if (tag == PATH_TAG) {
        path.add(StandardCharsets.UTF_8.decode(bytes(descriptor)).toString());
      } else {
        skip(descriptor, tag);
      }
    }
    return path;
  }

  private static ByteBuffer empty() {
    return ByteBuffer.allocate(0);
  }

  private static ByteBuffer bytes(ByteBuffer in) throws MalformedMessageException {
    int length = varint(in);
    if (length < 0 || length > in.remaining()) {
      throw new MalformedMessageException(
          "cannot read Flight message: length %d overruns it at byte %d"
              .formatted(length, in.position()));
    }
    ByteBuffer view = in.slice(in.position(), length);
    in.position(in.position() + length);
    return view;
  }

  private static int varint(ByteBuffer in) throws MalformedMessageException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!in.hasRemaining()) {
        throw new MalformedMessageException("cannot read Flight message: it ends in a varint");
      }
      byte b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return (int) value;
      }
    }
    throw new MalformedMessageException("cannot read Flight message: varint over 10 bytes");
  }

  private static void skip(ByteBuffer in, int tag) throws MalformedMessageException {
    int length =
        switch (tag & 7) {
          case 0 -> {
            varint(in);
            yield 0;
          }
          case 1 -> 8;
          case 2 -> {
            bytes(in);
            yield 0;
          }
          case 5 -> 4;
          default -> -1;
        };
    if (length < 0 || length > in.remaining()) {
      throw new MalformedMessageException("cannot read Flight message: field tag " + tag);
    }
    in.position(in.position() + length);
  }
}
