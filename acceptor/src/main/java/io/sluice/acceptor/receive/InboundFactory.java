package io.sluice.acceptor.receive;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.Locale;
import java.util.Set;

/**
 * Makes the tracer of each stream, and so sees a call's headers before grpc-java looks at them: it
 * would answer an encoding that it does not know without saying which there are.
 */
final class InboundFactory extends ServerStreamTracer.Factory {

  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  private final RequestHandler requests;
  private final SlowCalls slow;
  private final ContentEncodings encodings;
  private final Set<String> exports;

  /**
   * @param exports the full names of the methods whose requests are ours to bound
   */
  InboundFactory(
      RequestHandler requests, SlowCalls slow, ContentEncodings encodings, Set<String> exports) {
    this.requests = requests;
    this.slow = slow;
    this.encodings = encodings;
    this.exports = exports;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    if (!exports.contains(method)) {
      return new SmallInbound();
    }
    String name = headers.get(ENCODING);
    ContentEncoding encoding = encodings.named(name);
    if (name != null) {
      headers.discardAll(ENCODING); // so that the call reaches us
    }
    if (name != null && encoding != null) {
      headers.put(ENCODING, encoding.name().toLowerCase(Locale.ROOT)); // as grpc-java knows it
    }
    return new GrpcInbound(requests, slow, encoding, name);
  }
}
