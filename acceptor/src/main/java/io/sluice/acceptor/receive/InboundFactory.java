package io.sluice.acceptor.receive;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.sluice.schema.service.SmallInbound;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Makes the tracer of each stream, and so sees a call's headers before grpc-java looks at them: it
 * would answer an encoding that it does not know without saying which there are.
 */
final class InboundFactory extends ServerStreamTracer.Factory {

  /** Of health: more than any name of a service. */
  private static final int MOST_OF_OTHERS = 4 << 10;

  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of(Admission.AUTHORIZATION, Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> TENANT =
      Metadata.Key.of(Admission.TENANT_HEADER, Metadata.ASCII_STRING_MARSHALLER);

  private final RequestHandler requests;
  private final SlowCalls slow;
  private final ContentEncodings encodings;
  private final Set<String> exports;
  private final Admission admission;

  /**
   * @param exports the full names of the methods whose requests are ours to bound
   * @param admission of these
   */
  InboundFactory(
      RequestHandler requests,
      SlowCalls slow,
      ContentEncodings encodings,
      Set<String> exports,
      Admission admission) {
    this.requests = requests;
    this.slow = slow;
    this.encodings = encodings;
    this.exports = exports;
    this.admission = admission;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    if (!exports.contains(method)) {
      return new SmallInbound(MOST_OF_OTHERS);
    }
    String name = headers.get(ENCODING);
    ContentEncoding encoding = encodings.named(name);
    if (name != null) {
      headers.discardAll(ENCODING); // so that the call reaches us
    }
    if (name != null && encoding != null) {
      headers.put(ENCODING, encoding.name().toLowerCase(Locale.ROOT)); // as grpc-java knows it
    }
    Admission.Result admitted = admission.admit(all(headers, AUTHORIZATION), all(headers, TENANT));
    return new GrpcInbound(requests, slow, admitted, encoding, name);
  }

  private static List<String> all(Metadata headers, Metadata.Key<String> key) {
    List<String> values = new ArrayList<>();
    Iterable<String> found = headers.getAll(key);
    if (found != null) {
      found.forEach(values::add);
    }
    return values;
  }
}
