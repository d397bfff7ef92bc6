package io.sluice.bench.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests over HTTP that are not to be taken, each on a connection of its own. */
final class HttpShots {

  private static final int PATIENCE_MILLIS = 30_000;
  private static final int CHUNK = 1 << 20;
  private static final int CHUNKS = 66; // two more than otlp.max-request-size
  private static final double BOMB = Bombardment.BOMB_SECONDS;
  private static final double RARE = Bombardment.OVERSIZE_SECONDS;
  private static final double WRONG = Bombardment.WRONG_SECONDS;

  private final InetSocketAddress address;

  HttpShots(InetSocketAddress address) {
    this.address = address;
  }

  List<Shot> all(byte[] beyondLimit, byte[] emptyRecords) {
    return List.of(
        post("http gzip bomb", BOMB, "Content-Encoding: gzip", Payloads.gzip(beyondLimit)),
        post("http zstd bomb", BOMB, "Content-Encoding: zstd", Payloads.zstd(beyondLimit)),
        post("http deflate bomb", BOMB, "Content-Encoding: deflate", Payloads.deflate(beyondLimit)),
        post("http item bomb", BOMB, "Content-Encoding: gzip", Payloads.gzip(emptyRecords)),
        announced(),
        chunked(),
        post("http malformed", WRONG, "X-Body: malformed", Payloads.malformed()),
        post("http not gzip", WRONG, "Content-Encoding: gzip", Payloads.malformed()),
        post("http encoding", WRONG, "Content-Encoding: br", Payloads.malformed()),
        raw("http path", WRONG, "POST /v1/v1/traces HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        raw("http method", WRONG, "GET /v1/traces HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        raw("http not http", WRONG, "\u0016\u0003\u0001 no handshake\r\n\r\n"));
  }

  private Shot post(String name, double every, String header, byte[] body) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head("Content-Length: " + body.length + "\r\n" + header));
    request.writeBytes(body);
    byte[] bytes = request.toByteArray();
    return new Shot(name, every, () -> exchange(out -> out.write(bytes)));
  }

  private Shot raw(String name, double every, String request) {
    byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
    return new Shot(name, every, () -> exchange(out -> out.write(bytes)));
  }

  /** Says that it is too large, and sends nothing of it. */
  private Shot announced() {
    byte[] head = head("Content-Length: 100000000");
    return new Shot("http oversize", RARE, () -> exchange(out -> out.write(head)));
  }

  /** Is found to be too large when it is there. */
  private Shot chunked() {
    byte[] head = head("Transfer-Encoding: chunked");
    byte[] before = (Integer.toHexString(CHUNK) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] chunk = new byte[CHUNK];
    byte[] after = {'\r', '\n'};
    return new Shot(
        "http oversize in chunks",
        RARE,
        () ->
            exchange(
                out -> {
                  out.write(head);
                  for (int i = 0; i < CHUNKS; i++) {
                    out.write(before);
                    out.write(chunk);
                    out.write(after);
                  }
                  out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }));
  }

  private interface Request {
    void write(OutputStream out) throws IOException;
  }

  /** The status, or how the connection ended without one. */
  private String exchange(Request request) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(address, PATIENCE_MILLIS);
      try {
        request.write(socket.getOutputStream());
      } catch (IOException e) {
        return status(socket.getInputStream()); // refused before it was sent
      }
      return status(socket.getInputStream());
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    }
  }

  private static String status(InputStream in) throws IOException {
    String line = new String(in.readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
    return line.isEmpty() ? "closed" : line.substring(line.indexOf(' ') + 1);
  }

  private static byte[] head(String headers) {
    return ("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/x-protobuf\r\n"
            + headers
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
