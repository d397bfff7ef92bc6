package io.sluice.bench.fuzz.mutate;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * What a connection of HTTP/1.1 sends: some requests, right or wrong in line, headers, framing and
 * compression. The first byte is no part of it: it says what the client does with the connection.
 */
public final class HttpMutator {

  /** Sends all, ends its half, and reads to the end. */
  public static final byte READ_TO_END = 'e';

  /** Sends all and resets the connection. */
  public static final byte RESET = 'r';

  /** Sends all and goes on as if there were more to come. */
  public static final byte STAY = 's';

  /** Sends it in pieces. */
  public static final byte PIECES = 'p';

  private static final String[] METHODS = {
    "GET", "PUT", "HEAD", "OPTIONS", "CONNECT", "TRACE", "post", "PRI", "", "P\u0000ST", "POST POST"
  };
  private static final String[] PATHS = {
    "/",
    "/v1/traces/",
    "/v1//traces",
    "/v1/traces?a=b",
    "/v1/traces#x",
    "/v1/%74races",
    "/../v1/logs",
    "/v1/logs/..;/traces",
    "/v1/%2e%2e/",
    "/v1/%zz",
    "*",
    "http://other/v1/traces",
    "/v1/metrics;x=y",
    "/v1/v1/traces",
    "/v1/\u00e9",
    "",
    "/v1/traces\u0000",
    "/v1development/profiles"
  };
  private static final String[] VERSIONS = {
    "HTTP/1.0",
    "HTTP/2.0",
    "HTTP/0.9",
    "HTTP/1.2",
    "HTTP/9.9",
    "HTTP/",
    "http/1.1",
    "",
    "HTTP/1.1 x"
  };
  private static final String[] TYPES = {
    "application/x-protobuf",
    "application/json",
    "Application/JSON; charset=utf-8",
    "text/plain",
    "application/json; charset=utf-16",
    "application/protobuf",
    "application/grpc",
    "",
    ";",
    "a/b/c",
    "application/x-protobuf; a=\"",
    "multipart/form-data; boundary=x"
  };
  private static final String[] ODD_HEADERS = {
    "Expect: 100-continue",
    "Expect: 200-ok",
    "Connection: close",
    "Connection: Upgrade, HTTP2-Settings",
    "Upgrade: h2c",
    "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
    "Upgrade: websocket",
    "Content-Length: 0",
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Content-Length: 67108865",
    "Content-Length: 5, 5",
    "Content-Length: +5",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: identity",
    "Transfer-Encoding : chunked",
    "Content-Encoding: br",
    "Content-Encoding: gzip, gzip",
    "Content-Encoding: GZIP",
    "Host:",
    "Host: a b",
    "Host: [::1",
    "No-Colon",
    ": no name",
    " folded: line",
    "X-Nul: a\u0000b",
    "X-Utf: \u00e9\u00ff",
    "Origin: https://example.com",
    "Access-Control-Request-Method: POST",
    "Accept-Encoding: gzip",
    "Trailer: X",
    "TE: trailers",
    "Content-Type: text/plain",
    "Cookie: " + "c".repeat(9_000)
  };

  private final ByteMutator bytes = new ByteMutator();
  private final BodyMutator bodies;

  /**
   * @param largest what the server takes: bombs have a little more
   */
  public HttpMutator(int largest) {
    bodies = new BodyMutator(largest);
  }

  /** A body for a path. */
  public static final class Content {
    private final String path;
    private final boolean json;
    private final byte[] body;

    /**
     * @param json its type; else protobuf
     */
    public Content(String path, boolean json, byte[] body) {
      this.path = path;
      this.json = json;
      this.body = body;
    }
  }

  /** One to four requests on a connection. */
  public byte[] connection(Supplier<Content> contents, SplittableRandom random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(
        switch (random.nextInt(12)) {
          case 0 -> RESET;
          case 1 -> STAY;
          case 2 -> PIECES;
          default -> READ_TO_END;
        });
    int requests = 1 + (random.nextInt(3) == 0 ? random.nextInt(4) : 0);
    for (int i = 0; i < requests; i++) {
      byte[] request = request(contents.get(), random);
      out.writeBytes(random.nextInt(6) == 0 ? bytes.mutate(request, random) : request);
    }
    return out.toByteArray();
  }

  private byte[] request(Content content, SplittableRandom random) {
    BodyMutator.Encoded encoded = bodies.encode(content.body, random);
    boolean odd = random.nextInt(3) == 0;
    List<String> head = new ArrayList<>();
    head.add(
        "%s %s %s"
            .formatted(
                rarely(METHODS, "POST", odd, random),
                rarely(PATHS, content.path, odd, random),
                rarely(VERSIONS, "HTTP/1.1", odd, random)));
    head.add("Host: localhost");
    String type = content.json ? "application/json" : "application/x-protobuf";
    head.add("Content-Type: " + rarely(TYPES, type, odd, random));
    if (!encoded.name().isEmpty()) {
      head.add("Content-Encoding: " + encoded.name());
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    frame(encoded.bytes(), head, body, random);
    while (odd && random.nextInt(2) == 0) {
      head.add(1 + random.nextInt(head.size()), ODD_HEADERS[random.nextInt(ODD_HEADERS.length)]);
    }
    if (odd && random.nextInt(30) == 0) {
      head.addAll(List.of(("X-Many: y\r\n".repeat(9_000) + "X: z").split("\r\n", -1)));
    }
    String lineEnd = odd && random.nextInt(20) == 0 ? "\n" : "\r\n";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Texts.latin1(String.join(lineEnd, head) + lineEnd + lineEnd));
    out.writeBytes(body.toByteArray());
    return out.toByteArray();
  }

  private static String rarely(String[] odd, String right, boolean may, SplittableRandom random) {
    return may && random.nextInt(4) == 0 ? odd[random.nextInt(odd.length)] : right;
  }

  private static void frame(
      byte[] content, List<String> head, ByteArrayOutputStream out, SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      head.add("Transfer-Encoding: chunked");
      chunks(content, out, random);
      return;
    }
    long length =
        random.nextInt(8) > 0
            ? content.length
            : switch (random.nextInt(5)) {
              case 0 -> content.length + 1L;
              case 1 -> Math.max(0, content.length - 1);
              case 2 -> content.length + 100_000L;
              case 3 -> 1L << 40;
              default -> random.nextInt(1 + content.length);
            };
    head.add("Content-Length: " + length);
    out.writeBytes(content);
  }

  private static void chunks(byte[] content, ByteArrayOutputStream out, SplittableRandom random) {
    boolean odd = random.nextInt(5) == 0;
    int at = 0;
    while (at < content.length) {
      int size =
          Math.min(content.length - at, 1 + random.nextInt(random.nextInt(3) == 0 ? 9 : 4096));
      out.writeBytes(Texts.latin1(odd ? oddSize(size, random) : Integer.toHexString(size)));
      out.writeBytes(Texts.latin1("\r\n"));
      out.write(content, at, size);
      out.writeBytes(Texts.latin1(odd && random.nextInt(9) == 0 ? "\n" : "\r\n"));
      at += size;
    }
    if (!odd || random.nextInt(3) > 0) {
      String trailer = odd ? "X-Trailer: 1\r\nContent-Length: 3\r\n" : "";
      out.writeBytes(Texts.latin1("0\r\n" + trailer + "\r\n"));
    }
  }

  private static String oddSize(int size, SplittableRandom random) {
    String hex = Integer.toHexString(size);
    return switch (random.nextInt(12)) {
      case 0 -> hex + ";name=\"value\"";
      case 1 -> "0".repeat(40) + hex;
      case 2 -> "7fffffffffffffff";
      case 3 -> "ffffffffffffffffff";
      case 4 -> "-" + hex;
      case 5 -> "0x" + hex;
      case 6 -> " " + hex + " ";
      case 7 -> Integer.toHexString(size + 1);
      case 8 -> hex + ";" + "x".repeat(9_000);
      default -> hex;
    };
  }
}
