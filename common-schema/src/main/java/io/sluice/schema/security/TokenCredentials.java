package io.sluice.schema.security;

import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.Metadata;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Shows a token with each call. */
final class TokenCredentials extends CallCredentials {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final String token;

  private TokenCredentials(String token) {
    this.token = token;
  }

  /**
   * @param token null: none is shown
   */
  static ChannelCredentials with(ChannelCredentials channel, @Nullable String token) {
    return token == null
        ? channel
        : CompositeChannelCredentials.create(channel, new TokenCredentials(token));
  }

  @Override
  public void applyRequestMetadata(
      RequestInfo request, Executor executor, MetadataApplier applier) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    applier.apply(headers);
  }
}
