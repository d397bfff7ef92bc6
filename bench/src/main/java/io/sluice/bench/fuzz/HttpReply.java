package io.sluice.bench.fuzz;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One answer of a server of HTTP/1.1, read strictly: all of ours have a Content-Length. */
final class HttpReply {

  private static final int MOST_LINE = 16 << 10;
  private static final int MOST_BODY = 4 << 20;
  private static final int FINAL = 200;
  private static final int NO_CONTENT = 204;

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  private HttpReply(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /**
   * Reads the next one, that has a body unless it is interim; null if there is none.
   *
   * @throws Finding it is no answer
   */
  static @Nullable HttpReply read(InputStream in) throws IOException, Finding {
    String line = line(in);
    if (line == null) {
      return null;
    }
    if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      throw new Finding("an answer begins with " + line);
    }
    int status = Integer.parseInt(line.substring(9, 12));
    Map<String, String> headers = new HashMap<>();
    for (String next = line(in); next == null || !next.isEmpty(); next = line(in)) {
      if (next == null) {
        throw new Finding("an answer ends in its head: " + line);
      }
      int colon = next.indexOf(':');
      headers.put(
          next.substring(0, colon).toLowerCase(Locale.ROOT), next.substring(colon + 1).trim());
    }
    if (status < FINAL || status == NO_CONTENT) {
      return new HttpReply(status, headers, new byte[0]);
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "-1"));
    if (length < 0 || length > MOST_BODY) {
      throw new Finding("an answer's length is %d: %s %s".formatted(length, line, headers));
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new Finding("an answer ends in its body: " + line);
    }
    return new HttpReply(status, headers, body);
  }

  private static @Nullable String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        if (line.isEmpty()) {
          return null;
        }
        throw new EOFException("an answer ends in a line: " + line);
      }
      if (line.length() > MOST_LINE) {
        throw new IOException("an answer has a line without end: " + line);
      }
      line.append((char) b);
    }
    return line.toString().stripTrailing();
  }

  int status() {
    return status;
  }

  String type() {
    return headers.getOrDefault("content-type", "");
  }

  boolean has(String header) {
    return headers.containsKey(header);
  }

  byte[] body() {
    return body;
  }

  @Override
  public String toString() {
    return status + " " + headers + " " + new String(body, StandardCharsets.UTF_8);
  }
}
