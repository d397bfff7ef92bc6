package io.sluice.schema.security;

import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a token with each call, where nobody can read along. */
final class TokenCredentials extends CallCredentials {

  private static final Logger LOG = LoggerFactory.getLogger(TokenCredentials.class);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final String token;
  private final boolean anywhere;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /**
   * @param anywhere whether it is shown over plain connections to other machines, too
   */
  TokenCredentials(String token, boolean anywhere) {
    this.token = token;
    this.anywhere = anywhere;
  }

  /**
   * @param token null: none is shown
   */
  static ChannelCredentials with(
      ChannelCredentials channel, @Nullable String token, boolean anywhere) {
    return token == null
        ? channel
        : CompositeChannelCredentials.create(channel, new TokenCredentials(token, anywhere));
  }

  @Override
  public void applyRequestMetadata(
      RequestInfo request, Executor executor, MetadataApplier applier) {
    Metadata headers = new Metadata();
    if (anywhere || isPrivate(request)) {
      headers.put(AUTHORIZATION, "Bearer " + token);
    } else if (said.add(request.getAuthority())) {
      LOG.warn("{}", notShown(request.getAuthority()));
    }
    applier.apply(headers);
  }

  /** By the connection that there is, whatever name it was made by. */
  private static boolean isPrivate(RequestInfo request) {
    return request.getSecurityLevel() == SecurityLevel.PRIVACY_AND_INTEGRITY
        || (request.getTransportAttrs().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
                instanceof InetSocketAddress remote
            && remote.getAddress() != null
            && remote.getAddress().isLoopbackAddress());
  }

  static String notShown(String where) {
    return "the token is not shown to %s: the connection is plain, and others could read it (give tls.ca; or say that the network may be trusted: insecure=true, SLUICE_INSECURE=true)"
        .formatted(where);
  }
}
