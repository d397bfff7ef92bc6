package io.sluice.schema.admin;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Sends what no client of the JDK would, and reads when it likes. */
final class RawClient implements AutoCloseable {

  private static final int SMALL_BUFFER = 4 << 10;

  private final Socket socket = new Socket();

  RawClient(int port) throws IOException {
    socket.setReceiveBufferSize(SMALL_BUFFER);
    socket.setSoTimeout(60_000); // the machine may be busy
    socket.connect(new InetSocketAddress("127.0.0.1", port));
  }

  /** Lines ended as HTTP has them. */
  RawClient send(String text) throws IOException {
    socket
        .getOutputStream()
        .write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** The next line, of a head. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.indexOf("\r\n") < 0) {
      int read = socket.getInputStream().read();
      if (read < 0) {
        throw new EOFException("the connection ended after: " + line);
      }
      line.append((char) read);
    }
    return line.toString();
  }

  /** Reads on until this has come. */
  RawClient until(String wanted) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(wanted) < 0) {
      int read = socket.getInputStream().read();
      if (read < 0) {
        throw new EOFException("the connection ended after: " + text);
      }
      text.append((char) read);
    }
    return this;
  }

  /** The next answer, with as much body as it announces. */
  String answer() throws IOException {
    StringBuilder head = new StringBuilder(line());
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append(line());
    }
    String text = head.toString();
    int at = text.toLowerCase(Locale.ROOT).indexOf("content-length: ");
    int length =
        at < 0 ? 0 : Integer.parseInt(text.substring(at + 16, text.indexOf("\r\n", at)).strip());
    return text + new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
  }

  /** All that comes until the server closes; a reset is an end, too. */
  String rest() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (SocketException e) {
      return all.toString(StandardCharsets.UTF_8);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
