package io.sluice.bench.hostile;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A way to hold a connection and send next to nothing: something at once, then a bit a second. */
enum SlowKind {
  SILENT_HTTP(Port.HTTP, "", ""),
  SILENT_GRPC(Port.GRPC, "", ""),
  HTTP_HEAD(Port.HTTP, "", "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nX-Slow: "),
  HTTP_BODY_OF_LENGTH(Port.HTTP, head("Content-Length: 1000000"), ""),
  HTTP_BODY_IN_CHUNKS(Port.HTTP, head("Transfer-Encoding: chunked"), "") {
    @Override
    byte[] bit(long number) {
      return ascii("1\r\na\r\n");
    }
  },
  HTTP_BODY_COMPRESSED(Port.HTTP, head("Content-Encoding: gzip\r\nContent-Length: 1000000"), ""),
  GRPC_HANDSHAKE(Port.GRPC, "", "") {
    @Override
    byte[] bit(long number) {
      byte[] all = new Http2Frames().preface().settings().bytes();
      return number < all.length ? new byte[] {all[(int) number]} : new byte[0];
    }
  },
  GRPC_SETTINGS(Port.GRPC, "", "") {
    @Override
    byte[] first() {
      return new Http2Frames().preface().settings().bytes();
    }

    @Override
    byte[] bit(long number) {
      return new Http2Frames().settings().bytes();
    }
  },
  GRPC_MESSAGE(Port.GRPC, "", "") {
    @Override
    byte[] first() {
      return new Http2Frames()
          .preface()
          .settings()
          .call(1, EXPORT, Map.of())
          .messagePrefix(1, SLOW_MESSAGE)
          .bytes();
    }

    @Override
    byte[] bit(long number) {
      return new Http2Frames().data(1, new byte[1]).bytes();
    }
  };

  /** Where it is sent. */
  enum Port {
    HTTP,
    GRPC
  }

  private static final String EXPORT =
      "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
  private static final int SLOW_MESSAGE = 1_000_000;

  private final Port port;
  private final String first;
  private final String then;

  SlowKind(Port port, String first, String then) {
    this.port = port;
    this.first = first;
    this.then = then;
  }

  Port port() {
    return port;
  }

  /** As soon as it is connected. */
  byte[] first() {
    return ascii(first);
  }

  /** In the second of this number after that, from 0; empty = nothing. */
  byte[] bit(long number) {
    boolean silent = this == SILENT_HTTP || this == SILENT_GRPC;
    if (silent) {
      return new byte[0];
    }
    return ascii(number < then.length() ? then.substring((int) number, (int) number + 1) : "a");
  }

  private static String head(String framing) {
    return "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\n"
        + framing
        + "\r\n\r\n";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
