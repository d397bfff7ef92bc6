package io.sluice.s3server;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** One request and its answer, over a connection of their own on both sides. */
final class FaultyExchange {

  /** Between two bytes that trickle. */
  private static final int TRICKLE_MILLIS = 5;

  private final Socket client;
  private final URI store;
  private final HttpMessage message;

  private FaultyExchange(Socket client, URI store, HttpMessage message) {
    this.client = client;
    this.store = store;
    this.message = message;
  }

  /** Reads all of a request. */
  static FaultyExchange read(Socket client, URI store) throws IOException {
    InputStream in = new BufferedInputStream(client.getInputStream());
    return new FaultyExchange(client, store, HttpMessage.request(in, client.getOutputStream()));
  }

  S3Request asked() {
    return message.asked();
  }

  void pass() throws IOException {
    forward(message).write(client.getOutputStream());
  }

  void fail(StoreFault fault) throws IOException {
    OutputStream out = client.getOutputStream();
    if (fault instanceof StoreFault.Answer answer) {
      if (answer.executed()) {
        forward(message);
      }
      error(answer).write(out);
    } else if (fault instanceof StoreFault.Reset reset) {
      if (reset.executed()) {
        forward(message);
      }
      reset(client);
    } else if (fault instanceof StoreFault.ResetInBody part) {
      forwardPart(part.bytes());
      reset(client);
    } else if (fault instanceof StoreFault.FlipBody) {
      forward(message.flipped()).write(out);
    } else if (fault instanceof StoreFault.FlipAnswer) {
      forward(message).flipped().write(out);
    } else if (fault instanceof StoreFault.CutAnswer cut) {
      HttpMessage answer = forward(message);
      out.write(answer.headBytes());
      out.write(answer.body(), 0, Math.min(cut.bytes(), answer.body().length));
      out.flush();
      client.shutdownOutput(); // what was written must arrive, which a reset does not promise
    } else if (fault instanceof StoreFault.Trickle) {
      trickle(forward(message), out);
    } else {
      untilGone();
    }
  }

  private HttpMessage forward(HttpMessage request) throws IOException {
    try (Socket server = new Socket(store.getHost(), store.getPort())) {
      request.alone().write(server.getOutputStream());
      return HttpMessage.answer(
          new BufferedInputStream(server.getInputStream()), asked().method().equals("HEAD"));
    }
  }

  private void forwardPart(int bytes) throws IOException {
    try (Socket server = new Socket(store.getHost(), store.getPort())) {
      OutputStream out = server.getOutputStream();
      out.write(message.alone().headBytes());
      out.write(message.body(), 0, Math.min(bytes, message.body().length));
      out.flush();
      reset(server);
    }
  }

  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private HttpMessage error(StoreFault.Answer answer) {
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>said by a test</Message></Error>"
            .formatted(answer.code());
    byte[] body = xml.getBytes(StandardCharsets.UTF_8);
    return new HttpMessage(
        List.of(
            "HTTP/1.1 %d %s".formatted(answer.status(), answer.code()),
            "Date: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)),
            "Content-Type: application/xml",
            "Content-Length: " + body.length,
            "Connection: close"),
        asked().method().equals("HEAD") ? new byte[0] : body);
  }

  private void trickle(HttpMessage answer, OutputStream out) throws IOException {
    out.write(answer.headBytes());
    for (int at = 0; at < answer.body().length && !hasGone(TRICKLE_MILLIS); at++) {
      out.write(answer.body()[at]);
      out.flush();
    }
  }

  private void untilGone() throws IOException {
    while (!hasGone(0)) {
      // more that it says is read, and thrown away
    }
  }

  /**
   * Waits for the client to hang up.
   *
   * @param millis 0 = for as long as it takes
   */
  private boolean hasGone(int millis) throws IOException {
    client.setSoTimeout(millis);
    try {
      return client.getInputStream().read() < 0;
    } catch (SocketTimeoutException stillThere) {
      return false;
    }
  }
}
