package io.sluice.bench.fuzz.mutate;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * What a connection of gRPC sends behind HTTP/2's preface and settings: some calls, right or wrong
 * in frames, headers, message prefix and compression.
 */
public final class GrpcMutator {

  /** What every client sends first. */
  public static final byte[] PREFACE = Texts.latin1("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  private static final int[] EXTREMES = {
    0, 1, 0x3fff, 0x4000, 0xffffff, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0x7ffffffe
  };
  private static final String[] PATHS = {
    "/",
    "",
    "*",
    "/opentelemetry.proto.collector.trace.v1.TraceService/Nothing",
    "/a/b/c",
    "no-slash",
    "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export"
  };
  private static final String[][] ODD_HEADERS = {
    {"grpc-encoding", "gzip"},
    {"grpc-encoding", "zstd"},
    {"grpc-encoding", "br"},
    {"grpc-encoding", ""},
    {"grpc-timeout", "1n"},
    {"grpc-timeout", "99999999H"},
    {"grpc-timeout", "x"},
    {"grpc-timeout", "-1S"},
    {"content-type", "application/grpc+json"},
    {"content-type", "text/html"},
    {"te", "gzip"},
    {"connection", "close"},
    {":path", "/again"},
    {":unknown", "x"},
    {"UPPER", "case"},
    {"x-bin", "!"},
    {"x-trace-bin", "////"},
    {"content-length", "3"},
    {"x-nul", "a\u0000b"},
    {"x-long", "y".repeat(70_000)},
    {"", "empty"},
    {"transfer-encoding", "chunked"},
    {"grpc-accept-encoding", "gzip,zstd"},
    {"host", "other"}
  };
  private static final int MOST_CALLS = 5;
  private static final int MANY = 400;
  private static final int PIECE = 16_384;

  private final ByteMutator bytes = new ByteMutator();
  private final BodyMutator bodies;

  /**
   * @param largest what the server takes: bombs have a little more
   */
  public GrpcMutator(int largest) {
    bodies = new BodyMutator(largest);
  }

  /** A request for a method. */
  public static final class Message {
    private final String path;
    private final byte[] body;

    public Message(String path, byte[] body) {
      this.path = path;
      this.body = body;
    }
  }

  /** Frames of one to five calls. */
  public byte[] connection(Supplier<Message> messages, SplittableRandom random) {
    List<Http2Frame> frames = new ArrayList<>();
    int calls = 1 + (random.nextInt(3) == 0 ? random.nextInt(MOST_CALLS) : 0);
    for (int i = 0; i < calls; i++) {
      call(messages.get(), 1 + 2 * i, frames, random);
    }
    int damages = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(4);
    for (int i = 0; i < damages && !frames.isEmpty(); i++) {
      damage(frames, random);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    frames.forEach(frame -> frame.write(out));
    byte[] all = out.toByteArray();
    return random.nextInt(12) == 0 ? bytes.mutate(all, random) : all;
  }

  private void call(Message message, int stream, List<Http2Frame> frames, SplittableRandom random) {
    boolean odd = random.nextInt(3) == 0;
    List<String[]> headers = new ArrayList<>();
    headers.add(new String[] {":method", odd && random.nextInt(9) == 0 ? "GET" : "POST"});
    headers.add(new String[] {":scheme", "http"});
    String path =
        odd && random.nextInt(4) == 0 ? PATHS[random.nextInt(PATHS.length)] : message.path;
    headers.add(new String[] {":path", path});
    headers.add(new String[] {":authority", "localhost"});
    headers.add(new String[] {"content-type", "application/grpc"});
    headers.add(new String[] {"te", "trailers"});
    BodyMutator.Encoded encoded = bodies.encode(message.body, random);
    if (!encoded.name().isEmpty()) {
      headers.add(new String[] {"grpc-encoding", encoded.name()});
    }
    while (odd && random.nextInt(2) == 0) {
      int at = random.nextInt(headers.size() + 1);
      headers.add(at, ODD_HEADERS[random.nextInt(ODD_HEADERS.length)]);
    }
    headers(Hpack.encode(headers), stream, frames, random);
    data(encoded, stream, odd, frames, random);
  }

  private static void headers(
      byte[] block, int stream, List<Http2Frame> frames, SplittableRandom random) {
    int type = Http2Frame.HEADERS;
    int most = random.nextInt(8) == 0 ? 1 + random.nextInt(30) : PIECE;
    int at = 0;
    do {
      int length = Math.min(most, block.length - at);
      byte[] piece = new byte[length];
      System.arraycopy(block, at, piece, 0, length);
      at += length;
      int flags = at == block.length ? Http2Frame.END_HEADERS : 0;
      frames.add(new Http2Frame(type, flags, stream, piece));
      type = Http2Frame.CONTINUATION;
    } while (at < block.length);
  }

  private static void data(
      BodyMutator.Encoded encoded,
      int stream,
      boolean odd,
      List<Http2Frame> frames,
      SplittableRandom random) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    int times = odd && random.nextInt(8) == 0 ? random.nextInt(3) : 1;
    for (int i = 0; i < times; i++) {
      int flag = encoded.name().isEmpty() ? 0 : 1;
      int length = encoded.bytes().length;
      message.write(odd && random.nextInt(8) == 0 ? random.nextInt(256) : flag);
      boolean lie = odd && random.nextInt(6) == 0;
      message.writeBytes(
          Http2Frame.number(lie ? EXTREMES[random.nextInt(EXTREMES.length)] : length));
      message.writeBytes(encoded.bytes());
    }
    byte[] all = message.toByteArray();
    int most = odd && random.nextInt(4) == 0 ? 1 + random.nextInt(all.length + 1) : PIECE;
    for (int at = 0; at < all.length; at += most) {
      byte[] piece = new byte[Math.min(most, all.length - at)];
      System.arraycopy(all, at, piece, 0, piece.length);
      frames.add(new Http2Frame(Http2Frame.DATA, 0, stream, piece));
    }
    frames.add(new Http2Frame(Http2Frame.DATA, Http2Frame.END_STREAM, stream, new byte[0]));
  }

  private void damage(List<Http2Frame> frames, SplittableRandom random) {
    int at = random.nextInt(frames.size());
    int other = random.nextInt(frames.size() + 1);
    Http2Frame frame = frames.get(at);
    switch (random.nextInt(14)) {
      case 0 -> frames.remove(at);
      case 1 -> frames.add(other, frame.copy());
      case 2 -> frames.add(Math.min(other, frames.size() - 1), frames.remove(at));
      case 3 -> frame.type = random.nextInt(Http2Frame.TYPES);
      case 4 -> frame.flags ^= 1 << random.nextInt(8);
      case 5 -> frame.stream = random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(12);
      case 6 -> frame.lie = random.nextInt(3) == 0 ? 0xffffff : random.nextInt(41) - 20;
      case 7, 8 -> frame.payload = bytes.mutate(frame.payload, random);
      case 9 -> frames.add(other, settings(random));
      case 10 -> frames.add(other, control(frame.stream, random));
      case 11 -> pad(frame, random);
      case 12 -> many(frames, frame, at, random);
      default -> {
        int cut = random.nextInt(frame.payload.length + 1);
        frame.payload = java.util.Arrays.copyOf(frame.payload, cut);
      }
    }
  }

  private static Http2Frame settings(SplittableRandom random) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      payload.write(0);
      payload.write(random.nextInt(9));
      payload.writeBytes(Http2Frame.number(EXTREMES[random.nextInt(EXTREMES.length)]));
    }
    return new Http2Frame(Http2Frame.SETTINGS, 0, random.nextInt(20) / 19, payload.toByteArray());
  }

  private static Http2Frame control(int stream, SplittableRandom random) {
    int extreme = EXTREMES[random.nextInt(EXTREMES.length)];
    return switch (random.nextInt(4)) {
      case 0 ->
          new Http2Frame(
              Http2Frame.WINDOW_UPDATE,
              0,
              random.nextBoolean() ? 0 : stream,
              Http2Frame.number(extreme));
      case 1 -> new Http2Frame(Http2Frame.RST_STREAM, 0, stream, Http2Frame.number(extreme));
      case 2 -> new Http2Frame(Http2Frame.PING, random.nextInt(2), 0, new byte[8]);
      default -> new Http2Frame(Http2Frame.PRIORITY, 0, stream, new byte[5]);
    };
  }

  private static void pad(Http2Frame frame, SplittableRandom random) {
    frame.flags |= Http2Frame.PADDED;
    frame.payload =
        ByteMutator.splice(frame.payload, 0, 0, new byte[] {(byte) random.nextInt(256)});
  }

  /** The same again and again: pings, resets, empty frames, or calls that are reset at once. */
  private static void many(
      List<Http2Frame> frames, Http2Frame frame, int at, SplittableRandom random) {
    int times = random.nextInt(MANY);
    boolean reset = frame.type == Http2Frame.HEADERS && random.nextBoolean();
    for (int i = 0; i < times; i++) {
      Http2Frame copy = frame.copy();
      frames.add(at, copy);
      if (reset) {
        copy.stream = 2 * (times - i) + 1;
        frames.add(at + 1, new Http2Frame(Http2Frame.RST_STREAM, 0, copy.stream, new byte[4]));
      }
    }
    if (reset) {
      frame.stream = 2 * (times + 1) + 1;
    }
  }
}
