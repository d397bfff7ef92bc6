package io.sluice.bench.fuzz;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.sluice.bench.fuzz.mutate.GrpcMutator;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection of HTTP/2 that sends what it is given and reads what comes, until the server has
 * nothing more to say. One thread uses it.
 */
final class GrpcConnection implements AutoCloseable {

  private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
  private static final byte[] PING = {
    0, 0, 8, 6, 0, 0, 0, 0, 0, 'f', 'u', 'z', 'z', 'e', 'd', '?', 1
  };
  private static final int HEADERS = 1;
  private static final int CONTINUATION = 9;
  private static final int PING_TYPE = 6;
  private static final int PADDED = 8;
  private static final int PRIORITY = 32;
  private static final int END_HEADERS = 4;
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int QUIET_MILLIS = 25;
  private static final long MOST_TABLE = 0xffffffffL;
  private static final int MOST_FRAME = 1 << 24;

  private final Socket socket;
  private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false, 1 << 20);
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private final List<Http2Headers> headers = new ArrayList<>();
  private boolean settled;

  GrpcConnection(int port) throws IOException {
    try {
      hpack.configuration().maxHeaderTableSize(MOST_TABLE); // what is sent may ask for any
    } catch (Http2Exception e) {
      throw new IllegalStateException("cannot read headers", e);
    }
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
  }

  /**
   * Sends frames, and reads until all that can be answered is.
   *
   * @return the headers and trailers that came
   * @throws Finding it is neither answered nor closed
   */
  List<Http2Headers> exchange(byte[] frames) throws Finding, IOException {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(GrpcMutator.PREFACE);
      out.writeBytes(EMPTY_SETTINGS);
      out.writeBytes(frames);
      out.writeBytes(PING);
      socket.getOutputStream().write(out.toByteArray());
    } catch (IOException e) {
      settled = true; // the server has closed: what it said may still be read
    }
    read();
    return headers;
  }

  /** A frame that never ends swallows the ping; then silence has to do. */
  private void read() throws Finding, IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    try {
      while (System.nanoTime() < end) {
        socket.setSoTimeout(QUIET_MILLIS);
        in.mark(1);
        if (in.read() < 0) {
          return;
        }
        in.reset();
        socket.setSoTimeout(PATIENCE_MILLIS);
        frame(in);
      }
    } catch (SocketTimeoutException e) {
      return;
    } catch (IOException e) {
      return; // reset
    }
    throw new Finding("the server talks without end");
  }

  private void frame(DataInputStream in) throws IOException, Finding {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    if (length > MOST_FRAME) {
      throw new Finding("the server sends a frame of %d bytes".formatted(length));
    }
    byte[] payload = in.readNBytes(length);
    if (type == PING_TYPE && (flags & 1) == 1) {
      settled = true;
    }
    if (type == HEADERS || type == CONTINUATION) {
      int from = (type == HEADERS ? (flags & PADDED) / PADDED : 0);
      from += type == HEADERS ? (flags & PRIORITY) / PRIORITY * 5 : 0;
      block.write(payload, from, payload.length - from);
      if ((flags & END_HEADERS) != 0) {
        decode(stream);
      }
    }
  }

  private void decode(int stream) throws Finding {
    try {
      headers.add(hpack.decodeHeaders(stream, Unpooled.wrappedBuffer(block.toByteArray())));
      block.reset();
    } catch (Http2Exception e) {
      throw new Finding("the server sends headers that are none", e);
    }
  }

  /** Whether the server has read all, and still listens. */
  boolean settled() {
    return settled;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
