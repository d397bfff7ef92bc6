package io.sluice.schema.security;

import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.Durations;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the services among each other and with their readers: Flight, admin pages, Raft. Reads
 * settings, no files.
 *
 * @param files certificate, key, authorities
 * @param system whether the JDK's own authorities were asked for
 * @param clientCertificates whether who connects must show a certificate of the authorities
 * @param reloadEvery how often the files are looked at
 */
public record TlsSettings(
    TlsFiles files, boolean system, boolean clientCertificates, Duration reloadEvery) {

  static final String CERTIFICATE = "tls.certificate";
  static final String KEY = "tls.key";
  static final String AUTHORITIES = "tls.ca";

  private static final String SYSTEM = "system";

  /** Reads the settings, not the files; problems stay in the settings. */
  public static TlsSettings from(Settings settings) {
    TlsFile certificate =
        file(
            settings,
            CERTIFICATE,
            "PEM file with the certificate of the Flight, admin and Raft ports, which then speak TLS alone; services show it to each other; its chain, own first");
    TlsFile key = file(settings, KEY, "PEM file with its private key (PKCS#8)");
    together(settings, certificate, CERTIFICATE, key, KEY);
    String text =
        settings.get(
            AUTHORITIES,
            "",
            "none",
            t -> t,
            "PEM file with those who certify Writers and other services; `system`: those that the JDK knows; with it, or with `tls.certificate`, Writers are reached by TLS");
    boolean system = text.equals(SYSTEM);
    TlsFile authorities =
        text.isEmpty() || system ? null : new TlsFile(AUTHORITIES, Parsers.path(text));
    boolean clients =
        settings.get(
            "tls.client-certificates",
            "false",
            Parsers::bool,
            "whether who connects to the Flight and admin ports must show a certificate of `tls.ca`");
    settings.require(
        !clients || (certificate != null && authorities != null),
        "cannot use tls.client-certificates without tls.certificate and tls.ca (give both)");
    Duration every =
        settings.get(
            "security.reload-every",
            "10s",
            Durations::parse,
            "how often files of certificates and tokens are looked at: what two looks in a row find is taken, for new connections and calls");
    settings.require(
        every.toMillis() >= 1,
        "cannot use security.reload-every: %s (at least 1ms)".formatted(every));
    return new TlsSettings(new TlsFiles(certificate, key, authorities), system, clients, every);
  }

  /**
   * The files of the OTLP ports: their own, or those of all services.
   *
   * @return empty: they are plain
   */
  public static Optional<TlsFiles> otlp(Settings settings, TlsSettings all) {
    String certificateKey = "otlp.tls.certificate";
    String keyKey = "otlp.tls.key";
    TlsFile certificate =
        file(
            settings,
            certificateKey,
            "the same of both OTLP ports; without it theirs is `tls.certificate`");
    TlsFile key = file(settings, keyKey, "PEM file with its private key (PKCS#8)");
    together(settings, certificate, certificateKey, key, keyKey);
    TlsFile clients =
        file(
            settings,
            "otlp.tls.client-ca",
            "PEM file with those who certify exporters, which then must show a certificate");
    TlsFiles files =
        certificate == null
            ? new TlsFiles(all.files.certificate(), all.files.key(), clients)
            : new TlsFiles(certificate, key, clients);
    settings.require(
        clients == null || files.certificate() != null,
        "cannot use otlp.tls.client-ca without %s (give it, too)".formatted(certificateKey));
    return Optional.of(files).filter(f -> f.certificate() != null);
  }

  /** Whether ports speak TLS. */
  public boolean serves() {
    return files.certificate() != null;
  }

  /** Whether Writers and other services are reached by TLS. */
  public boolean connects() {
    return serves() || system || files.authorities() != null;
  }

  /**
   * Reads the files; null where nothing is said of TLS.
   *
   * @throws CannotStartException they cannot be used
   */
  public @Nullable Tls read() throws CannotStartException {
    return connects() ? Tls.read(files) : null;
  }

  private static void together(
      Settings settings,
      @Nullable TlsFile certificate,
      String certificateKey,
      @Nullable TlsFile key,
      String keyKey) {
    settings.require(
        (certificate == null) == (key == null),
        "cannot use %s without %s (give both, or none)"
            .formatted(
                certificate == null ? keyKey : certificateKey,
                key == null ? keyKey : certificateKey));
  }

  private static @Nullable TlsFile file(Settings settings, String key, String doc) {
    Path path =
        settings
            .get(key, "", "none", text -> Optional.of(text).filter(t -> !t.isEmpty()), doc)
            .map(Parsers::path)
            .orElse(null);
    return path == null ? null : new TlsFile(key, path);
  }
}
