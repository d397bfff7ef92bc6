package io.sluice.cli;

import io.grpc.ChannelCredentials;
import io.sluice.bench.load.LoadCredentials;
import io.sluice.schema.security.AccessSettings;
import io.sluice.schema.security.ServerTls;
import io.sluice.schema.security.ServiceTls;
import io.sluice.schema.security.Tls;
import io.sluice.schema.security.TlsSettings;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the commands reach services, as the settings say. */
final class Reach {

  private final TlsSettings tls;
  private final AccessSettings access;

  private Reach(TlsSettings tls, AccessSettings access) {
    this.tls = tls;
    this.access = access;
  }

  /** Reads the settings, not the files; problems stay in the settings. */
  static Reach from(Settings settings) {
    return new Reach(
        TlsSettings.from(settings),
        AccessSettings.from(settings, CommonSettings.from(settings).data()));
  }

  /**
   * To Writers.
   *
   * @throws InvalidSettingsException files of TLS cannot be used
   */
  ChannelCredentials writers() throws InvalidSettingsException {
    return new ServiceTls(ServerTls.PLAIN, tls())
        .client(access.shownByCommand(), access.insecure());
  }

  /**
   * To the admin pages of services of this box.
   *
   * @param writers where its Writers are looked for
   */
  Pages pages(List<HostPort> writers) throws InvalidSettingsException {
    Tls read = tls.serves() ? tls() : null;
    return new Pages(
        read == null ? null : read.context(),
        writers.stream().map(HostPort::host).collect(Collectors.toSet()),
        host -> access.shownByCommand(read != null, host));
  }

  /**
   * Whether services of this box believe each other, before they wait for each other for ever.
   *
   * @throws InvalidSettingsException the certificate is for other hosts than {@code writers} has
   */
  void requireNamed(List<HostPort> writers) throws InvalidSettingsException {
    Tls read = tls.serves() ? tls() : null;
    List<String> unnamed =
        writers.stream()
            .map(HostPort::host)
            .distinct()
            .filter(host -> read != null && !read.isFor(host))
            .toList();
    if (!unnamed.isEmpty()) {
      throw new InvalidSettingsException(
          List.of(
              "cannot use tls.certificate: it is not for %s, where Writers are looked for (name in writers what the certificate names, or make one for it: ./sluice certificates --host %s)"
                  .formatted(String.join(", ", unnamed), unnamed.get(0))));
    }
  }

  /**
   * To the Acceptor, as exporters do.
   *
   * @param tenant that is named; null: none is
   * @param endpoint its scheme says whether it speaks TLS
   */
  LoadCredentials exporters(@Nullable String tenant, URI endpoint) throws InvalidSettingsException {
    Map<String, String> headers = new HashMap<>();
    boolean byTls = "https".equalsIgnoreCase(endpoint.getScheme());
    String token = access.shownByCommand(byTls, String.valueOf(endpoint.getHost()));
    if (token != null) {
      headers.put("authorization", "Bearer " + token);
    }
    if (tenant != null) {
      headers.put("x-scope-orgid", tenant);
    }
    Tls read = tls();
    return read == null
        ? new LoadCredentials(LoadCredentials.NONE.grpc(), null, headers)
        : new LoadCredentials(read.client(), read.context(), headers);
  }

  private @Nullable Tls tls() throws InvalidSettingsException {
    try {
      return tls.read();
    } catch (CannotStartException e) {
      throw new InvalidSettingsException(List.of(String.valueOf(e.getMessage())));
    }
  }
}
