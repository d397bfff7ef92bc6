package io.sluice.acceptor.receive;

import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tracer of each stream, and so sees a call's headers before grpc-java looks at them: it
 * would answer an encoding that it does not know without saying which there are.
 */
final class InboundFactory extends ServerStreamTracer.Factory {

  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  private final RequestHandler requests;
  private final SlowCalls slow;
  private final DecompressorRegistry decompressors;
  private final Set<String> exports;

  /**
   * @param exports the full names of the methods whose requests are ours to bound
   */
  InboundFactory(
      RequestHandler requests,
      SlowCalls slow,
      DecompressorRegistry decompressors,
      Set<String> exports) {
    this.requests = requests;
    this.slow = slow;
    this.decompressors = decompressors;
    this.exports = exports;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return exports.contains(method)
        ? new GrpcInbound(requests, slow, takenUnknownEncoding(headers))
        : new SmallInbound();
  }

  /** Takes it out of the headers, so that the call reaches us. */
  private @Nullable String takenUnknownEncoding(Metadata headers) {
    String encoding = headers.get(ENCODING);
    if (encoding == null || decompressors.lookupDecompressor(encoding) != null) {
      return null;
    }
    headers.discardAll(ENCODING);
    return encoding;
  }
}
