package io.sluice.bench.load;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Who the load says it is, to an endpoint that speaks TLS, and in each request.
 *
 * @param grpc of gRPC connections by TLS
 * @param http of HTTP connections by TLS; null: as the JDK believes
 * @param headers of each request, their names in lower case
 */
public record LoadCredentials(
    ChannelCredentials grpc, @Nullable SSLContext http, Map<String, String> headers) {

  /** Nobody, and whom the JDK believes is believed. */
  public static final LoadCredentials NONE =
      new LoadCredentials(TlsChannelCredentials.create(), null, Map.of());

  public LoadCredentials {
    headers = Map.copyOf(headers);
  }
}
