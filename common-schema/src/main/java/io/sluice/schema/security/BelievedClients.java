package io.sluice.schema.security;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the certificates of gRPC's clients by the authorities as they are now. TLS itself looks
 * only when a session begins: who has one can resume it for a day, also on a new connection,
 * whatever was taken away since. Once for each connection, and once more for each change. Any
 * thread.
 */
final class BelievedClients extends ServerTransportFilter implements ServerInterceptor {

  private static final Attributes.Key<Connection> CONNECTION =
      Attributes.Key.create("sluice-connection");

  private final Tls tls;
  private final LongAdder refused;

  BelievedClients(Tls tls, LongAdder refused) {
    this.tls = tls;
    this.refused = refused;
  }

  @Override
  public Attributes transportReady(Attributes connection) {
    PeerCertificate shown =
        PeerCertificate.of(connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION)).orElse(null);
    return connection.toBuilder().set(CONNECTION, new Connection(shown)).build();
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    Connection connection = call.getAttributes().get(CONNECTION);
    if (connection != null && connection.isBelieved(tls)) {
      return next.startCall(call, headers);
    }
    refused.increment();
    call.close(
        Status.UNAUTHENTICATED.withDescription(
            "cannot tell who calls: the client's certificate is of no authority that is believed now"),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static final class Connection {

    /**
     * @param by what was believed then
     */
    private record Looked(Object by, boolean believed) {}

    private final @Nullable PeerCertificate shown;
    private volatile Looked looked = new Looked("nothing", false);

    Connection(@Nullable PeerCertificate shown) {
      this.shown = shown;
    }

    boolean isBelieved(Tls tls) {
      Object now = tls.believed(); // before it is used: a change meanwhile is seen by the next call
      Looked last = looked;
      if (last.by != now) {
        last = new Looked(now, shown != null && shown.isBelieved(tls));
        looked = last;
      }
      return last.believed;
    }
  }
}
