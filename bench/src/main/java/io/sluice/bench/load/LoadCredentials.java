package io.sluice.bench.load;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Who the load says it is, to an endpoint that speaks TLS, and in each request.
 *
 * @param grpc of gRPC connections by TLS
 * @param http of HTTP connections by TLS; null: as the JDK believes
 * @param headers of each request, their names in lower case
 * @param tenants that requests name in turn, by X-Scope-OrgID; empty: as the headers say
 */
public record LoadCredentials(
    ChannelCredentials grpc,
    @Nullable SSLContext http,
    Map<String, String> headers,
    List<String> tenants) {

  /** Nobody, and whom the JDK believes is believed. */
  public static final LoadCredentials NONE =
      new LoadCredentials(TlsChannelCredentials.create(), null, Map.of());

  public LoadCredentials {
    headers = Map.copyOf(headers);
    tenants = List.copyOf(tenants);
  }

  /** All in one name. */
  public LoadCredentials(
      ChannelCredentials grpc, @Nullable SSLContext http, Map<String, String> headers) {
    this(grpc, http, headers, List.of());
  }

  /** Whose turn it is on one of so many connections. */
  Turns turns(int lane, int lanes) {
    if (tenants.isEmpty()) {
      return new Turns(List.of(headers), lane, lanes);
    }
    return new Turns(tenants.stream().map(this::named).toList(), lane, lanes);
  }

  private Map<String, String> named(String tenant) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("x-scope-orgid", tenant);
    return all;
  }
}
