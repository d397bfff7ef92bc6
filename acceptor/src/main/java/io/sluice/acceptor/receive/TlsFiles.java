package io.sluice.acceptor.receive;

import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the certificate and the key of both OTLP ports are; without them, the ports are plain.
 *
 * @param certificate PEM, the server's own first, then those that certify it; null without TLS
 * @param key PEM, PKCS#8; null without TLS
 */
public record TlsFiles(@Nullable Path certificate, @Nullable Path key) {

  static final String CERTIFICATE = "otlp.tls.certificate";
  static final String KEY = "otlp.tls.key";

  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

  /** Reads the settings, not the files; problems stay in the settings. */
  public static TlsFiles from(Settings settings) {
    Path certificate =
        path(
            settings,
            CERTIFICATE,
            "PEM file with the certificate of both OTLP ports, which then speak TLS alone");
    Path key = path(settings, KEY, "PEM file with its private key (PKCS#8)");
    settings.require(
        (certificate == null) == (key == null),
        "cannot use %s without %s (give both, or none)"
            .formatted(certificate == null ? KEY : CERTIFICATE, key == null ? KEY : CERTIFICATE));
    return new TlsFiles(certificate, key);
  }

  /**
   * Reads the files; empty if there are none.
   *
   * @throws CannotStartException they cannot be used
   */
  public Optional<TlsIdentity> read() throws CannotStartException {
    if (certificate == null || key == null) {
      return Optional.empty();
    }
    TlsIdentity identity = TlsIdentity.read(certificate, key);
    LOG.info(
        "TLS as {}, until {}",
        identity.chain().get(0).getSubjectX500Principal(),
        identity.chain().get(0).getNotAfter().toInstant());
    return Optional.of(identity);
  }

  private static @Nullable Path path(Settings settings, String key, String doc) {
    return settings
        .get(key, "", "none", text -> Optional.of(text).filter(t -> !t.isEmpty()), doc)
        .map(Parsers::path)
        .orElse(null);
  }
}
