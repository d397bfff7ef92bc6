package io.sluice.acceptor.receive;

import io.sluice.schema.security.ServerTls;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * What is spoken on a connection: HTTP/1.1, or with TLS what the client prefers of HTTP/2 and
 * HTTP/1.1. HTTP/2 without TLS is not: a client that asks to upgrade is answered in HTTP/1.1.
 */
final class HttpProtocols {

  private static final int MAX_HEADER = 64 << 10;

  /** What a connection, and each of its requests, may send before it is read. */
  private static final int WINDOW = 256 << 10;

  /** An empty segment is a mistake that is told what to do about, and no threat. */
  private static final UriCompliance URIS =
      UriCompliance.DEFAULT.with("otlp", UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT);

  static ConnectionFactory[] of(ServerTls server) {
    HttpConnectionFactory http1 = new HttpConnectionFactory(configuration());
    SslContextFactory.Server tls = server.jetty();
    if (tls == null) {
      return new ConnectionFactory[] {http1};
    }
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(configuration());
    http2.setInitialStreamRecvWindow(WINDOW);
    http2.setInitialSessionRecvWindow(2 * WINDOW);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
    return new ConnectionFactory[] {
      new SslConnectionFactory(tls, alpn.getProtocol()), alpn, http2, http1
    };
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    http.setRequestHeaderSize(MAX_HEADER);
    http.setUriCompliance(URIS);
    return http;
  }

  private HttpProtocols() {}
}
