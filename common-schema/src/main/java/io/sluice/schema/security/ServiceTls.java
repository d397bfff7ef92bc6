package io.sluice.schema.security;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.sluice.schema.service.CannotStartException;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a service among the others.
 *
 * @param server of its Flight and admin ports
 * @param tls by which it reaches the others; null: by plain connections
 */
public record ServiceTls(ServerTls server, @Nullable Tls tls) {

  public static final ServiceTls PLAIN = new ServiceTls(ServerTls.PLAIN, null);

  /**
   * As the settings say; new files hold for new connections.
   *
   * @throws CannotStartException the files cannot be used
   */
  public static ServiceTls open(TlsSettings settings, Reload reload) throws CannotStartException {
    Tls tls = settings.read();
    if (tls == null) {
      return PLAIN;
    }
    reload.watch(tls, "services");
    ServerTls server =
        settings.serves() ? new ServerTls(tls, settings.clientCertificates()) : ServerTls.PLAIN;
    return new ServiceTls(server, tls);
  }

  /**
   * By which Writers are reached.
   *
   * @param token that is shown with each call; null: none
   */
  public ChannelCredentials client(@Nullable String token) {
    return client(token, true);
  }

  /**
   * The same.
   *
   * @param anywhere whether the token may go over plain connections to other machines
   */
  public ChannelCredentials client(@Nullable String token, boolean anywhere) {
    return TokenCredentials.with(
        tls == null ? InsecureChannelCredentials.create() : tls.client(), token, anywhere);
  }
}
