package io.sluice.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** One connection over which bytes go as they are, to see what no client would let through. */
public final class RawConnection implements AutoCloseable {

  /** A response. */
  public record Answer(String head, byte[] body) {
    public int status() {
      return Integer.parseInt(head.substring(9, 12));
    }

    public Optional<String> header(String name) {
      return Arrays.stream(head.split("\r\n", -1))
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).trim())
          .findFirst();
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** What it waits for may take a minute: the machine may be busy. */
  public RawConnection(int port) throws IOException {
    this(new Socket("127.0.0.1", port));
  }

  public RawConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(60_000);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** A head, its lines ended as HTTP has them, and a body. */
  public void send(String head, byte... body) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    out.write(all.toByteArray());
    out.flush();
  }

  /** The next response, with the body that its Content-Length announces. */
  public Answer answer() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        throw new EOFException("the connection ended after: " + head);
      }
      head.append((char) read);
    }
    Answer answer = new Answer(head.toString(), new byte[0]);
    int length = answer.header("content-length").map(Integer::parseInt).orElse(0);
    return new Answer(head.toString(), in.readNBytes(length));
  }

  /** What comes until the server closes; a reset is an end as well. */
  public String rest() throws IOException {
    StringBuilder rest = new StringBuilder();
    try {
      for (int read = in.read(); read >= 0; read = in.read()) {
        rest.append((char) read);
      }
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    return rest.toString();
  }

  /** So many bytes of what comes, or less if the server closes. */
  public String rest(int bytes) throws IOException {
    return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  public Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
