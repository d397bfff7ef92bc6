package io.sluice.s3server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An HTTP/1.1 request or answer. */
final class HttpMessage {

  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

  private final List<String> lines;
  private final byte[] body;

  /**
   * @param lines of its head, the first one is no header
   * @param body as it is on the wire; not copied
   */
  HttpMessage(List<String> lines, byte[] body) {
    this.lines = lines;
    this.body = body;
  }

  /**
   * A request with all its body, which must say how long that is; whoever asks whether to send it
   * is told so.
   */
  static HttpMessage request(InputStream in, OutputStream out) throws IOException {
    List<String> lines = head(in);
    Map<String, String> headers = headers(lines);
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write(CONTINUE.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
    if (headers.containsKey("transfer-encoding")) {
      throw new IOException("cannot read request: its length is not said");
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("cannot read request: it ends in its body");
    }
    return new HttpMessage(lines, body);
  }

  /**
   * An answer that ends with its connection.
   *
   * @param isHead it has no body, whatever it says of its length
   */
  static HttpMessage answer(InputStream in, boolean isHead) throws IOException {
    List<String> lines = head(in);
    return new HttpMessage(lines, isHead ? new byte[0] : in.readAllBytes());
  }

  private static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      lines.add(line);
    }
    return lines;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("cannot read message: it ends in its head");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private static Map<String, String> headers(List<String> lines) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    return headers;
  }

  S3Request asked() {
    String[] words = lines.get(0).split(" ", 3);
    return new S3Request(S3Call.of(words[0], words[1]), words[0], words[1], headers(lines));
  }

  /** The same over a connection of its own; signatures do not hold what is changed. */
  HttpMessage alone() {
    List<String> changed = new ArrayList<>();
    for (String line : lines) {
      String name = line.toLowerCase(Locale.ROOT);
      if (!name.startsWith("connection:") && !name.startsWith("expect:")) {
        changed.add(line);
      }
    }
    changed.add("Connection: close");
    return new HttpMessage(changed, body);
  }

  /** The same with a bit in the middle of its body turned. */
  HttpMessage flipped() {
    byte[] changed = body.clone();
    if (changed.length > 0) {
      changed[changed.length / 2] ^= 1;
    }
    return new HttpMessage(lines, changed);
  }

  byte[] body() {
    return body;
  }

  byte[] headBytes() {
    return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  void write(OutputStream out) throws IOException {
    out.write(headBytes());
    out.write(body);
    out.flush();
  }
}
