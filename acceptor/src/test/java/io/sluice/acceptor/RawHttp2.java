package io.sluice.acceptor;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * An HTTP/2 client that sends the frames it is told to, good or bad (RFC 9113, RFC 7541 without
 * compression), and reads what comes back. One thread uses it.
 *
 * <pre>
 * length u24 | type u8 | flags u8 | stream u32   (big-endian)
 * </pre>
 */
public final class RawHttp2 implements AutoCloseable {

  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;
  public static final int ACK = 1;

  public static final int ENHANCE_YOUR_CALM = 11;

  private static final int HEADER = 9;
  private static final int MOST_PAYLOAD = 16 << 10;

  /** Set, it does not grow: a system may otherwise take tens of MiB that nobody reads. */
  private static final int RECEIVE_BUFFER = 256 << 10;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** A frame that came. */
  public record Frame(int type, int flags, int stream, byte[] payload) {
    /** Of a RST_STREAM at 0, of a GOAWAY at 4. */
    public int error() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }

    public boolean ends() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }
  }

  /** A response, up to the end of its stream. */
  public record Response(Map<String, String> headers, byte[] data, Map<String, String> trailers) {
    /** Wherever it is: an error has one block of headers only. */
    public String field(String name) {
      return trailers.getOrDefault(name, headers.get(name));
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
  private int nextStream = 1;

  private RawHttp2(int port) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(RECEIVE_BUFFER);
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Connects and says nothing. */
  public static RawHttp2 silent(int port) throws IOException {
    return new RawHttp2(port);
  }

  /** Connects, with the preface and settings of a client that has none. */
  public static RawHttp2 open(int port) throws IOException {
    RawHttp2 client = new RawHttp2(port);
    client.out.write(PREFACE);
    client.frame(SETTINGS, 0, 0, new byte[0]);
    return client;
  }

  /** Bytes as they are. */
  public void bytes(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  public void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(HEADER + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    out.write(frame.array());
  }

  public void ping() throws IOException {
    frame(PING, 0, 0, new byte[8]);
  }

  /** At once: a server that has had enough of them closes, and the next write would fail. */
  public void pings(int count) throws IOException {
    ByteBuffer frames = ByteBuffer.allocate(count * (HEADER + 8));
    for (int i = 0; i < count; i++) {
      frames.putInt(8 << 8 | PING).put((byte) 0).putInt(0).putLong(0);
    }
    out.write(frames.array());
  }

  /** Opens a call, with these headers more, or instead; returns its stream. */
  public int call(String path, String... headers) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    byte[] block = head(path, headers);
    for (int at = 0; at < block.length; at += MOST_PAYLOAD) {
      int to = Math.min(block.length, at + MOST_PAYLOAD);
      int end = to == block.length ? END_HEADERS : 0;
      frame(at == 0 ? HEADERS : CONTINUATION, end, stream, Arrays.copyOfRange(block, at, to));
    }
    return stream;
  }

  /** The block of headers of a call. */
  public static byte[] head(String path, String... headers) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(":method", "POST");
    all.put(":scheme", "http");
    all.put(":path", path.startsWith("/") ? path : "/" + path);
    all.put(":authority", "127.0.0.1");
    all.put("te", "trailers");
    all.put("content-type", "application/grpc");
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    all.forEach(
        (name, value) -> {
          block.write(0); // literal, never indexed by us
          text(block, name);
          text(block, value);
        });
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    int length = bytes.length;
    if (length < 127) {
      block.write(length);
    } else {
      block.write(127);
      int rest = length - 127;
      while (rest >= 128) {
        block.write(rest & 127 | 128);
        rest >>= 7;
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /** A gRPC message: flag u8, length u32, bytes. */
  public static byte[] message(int flag, byte[] bytes) {
    return ByteBuffer.allocate(5 + bytes.length)
        .put((byte) flag)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  /** Sends it as the last of its stream; at most 16 KiB. */
  public void last(int stream, byte[] data) throws IOException {
    frame(DATA, END_STREAM, stream, data);
  }

  public void data(int stream, byte[] data) throws IOException {
    frame(DATA, 0, stream, data);
  }

  /** The next frame; answers settings. Null at the end of the connection. */
  public Frame next() throws IOException {
    try {
      int first = in.readInt();
      int flags = in.readUnsignedByte();
      int stream = in.readInt() & Integer.MAX_VALUE;
      byte[] payload = new byte[first >>> 8];
      in.readFully(payload);
      Frame frame = new Frame(first & 0xff, flags, stream, payload);
      if (frame.type == SETTINGS && (flags & ACK) == 0) {
        frame(SETTINGS, ACK, 0, new byte[0]);
      }
      return frame;
    } catch (EOFException e) {
      return null;
    }
  }

  /** Reads on until such a frame comes. */
  public Frame await(Predicate<Frame> wanted) throws IOException {
    while (true) {
      Frame frame = next();
      if (frame == null) {
        throw new EOFException("the server has closed the connection");
      }
      if (wanted.test(frame)) {
        return frame;
      }
    }
  }

  /** Reads on until the stream is ended by the server; it must not be reset before. */
  public Response response(int stream) throws IOException {
    Map<String, String> headers = null;
    Map<String, String> trailers = Map.of();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    while (true) {
      Frame frame = await(f -> f.stream == stream && f.type != WINDOW_UPDATE);
      if (frame.type == RST_STREAM) {
        throw new IOException("the stream was reset, error " + frame.error());
      } else if (frame.type == DATA) {
        data.writeBytes(frame.payload);
      } else if (headers == null) {
        headers = decode(stream, frame.payload);
      } else {
        trailers = decode(stream, frame.payload);
      }
      if (frame.ends()) {
        return new Response(headers, data.toByteArray(), trailers);
      }
    }
  }

  /** True once the server has closed the connection, whatever came before; answers nothing. */
  public boolean awaitClosed() throws IOException {
    try {
      while (in.read() >= 0) {
        continue;
      }
    } catch (java.net.SocketException e) {
      return true; // reset
    }
    return true;
  }

  private Map<String, String> decode(int stream, byte[] block) throws IOException {
    try {
      Http2Headers decoded = decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block));
      Map<String, String> fields = new LinkedHashMap<>();
      decoded.forEach(field -> fields.put(field.getKey().toString(), field.getValue().toString()));
      return fields;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
