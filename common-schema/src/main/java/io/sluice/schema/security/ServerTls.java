package io.sluice.schema.security;

import io.grpc.InsecureServerCredentials;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.Telemetry;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a kind of port speaks.
 *
 * @param tls whose certificate it shows; null: it is plain
 * @param clientCertificates whether who connects must show one of the authorities'
 */
public record ServerTls(@Nullable Tls tls, boolean clientCertificates) {

  public static final ServerTls PLAIN = new ServerTls(null, false);

  /**
   * Of the OTLP ports.
   *
   * @param files null if they are plain; with authorities clients must show a certificate
   * @throws CannotStartException the files cannot be used
   */
  public static ServerTls otlp(@Nullable TlsFiles files, Reload reload)
      throws CannotStartException {
    return files == null
        ? PLAIN
        : new ServerTls(reload.watch(Tls.read(files), "otlp"), files.authorities() != null);
  }

  /** For a gRPC server. */
  public ServerCredentials grpc() {
    return tls == null ? InsecureServerCredentials.create() : tls.server(clientCertificates);
  }

  /**
   * Sees to it that the clients of a gRPC server are believed now, and not only were when their TLS
   * session began.
   *
   * @param ports whose, for metrics
   */
  public void guard(ServerBuilder<?> server, String ports, Telemetry telemetry) {
    if (tls != null && clientCertificates) {
      BelievedClients clients =
          new BelievedClients(
              tls,
              telemetry.counter(
                  "sluice.tls.clients.refused", Attributes.builder().put("ports", ports).build()));
      server.addTransportFilter(clients).intercept(clients);
    }
  }

  /** For a Jetty server; null if it is plain. */
  public SslContextFactory.@Nullable Server jetty() {
    if (tls == null) {
      return null;
    }
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setSslContext(tls.context());
    context.setIncludeProtocols(Tls.PROTOCOLS.toArray(new String[0]));
    context.setNeedClientAuth(clientCertificates);
    context.setRenegotiationAllowed(false); // a client could have it made again and again
    return context;
  }
}
