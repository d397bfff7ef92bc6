package io.sluice.schema.security;

import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.FileFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A PEM file, and the setting that names it.
 *
 * @param setting its key, for sentences
 */
public record TlsFile(String setting, Path path) {

  FileLook look() throws CannotStartException {
    try {
      return FileLook.at(path, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new CannotStartException(
          "cannot read %s: %s: %s".formatted(setting, path, FileFailure.reason(e)), e);
    }
  }

  /** All certificates of the text, which is this file's; at least one. */
  List<X509Certificate> certificates(String text) throws CannotStartException {
    try {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!all.isEmpty()) {
        return all;
      }
    } catch (GeneralSecurityException e) {
      throw noCertificate(e);
    }
    throw noCertificate(null);
  }

  private CannotStartException noCertificate(@Nullable Throwable cause) {
    return new CannotStartException(
        "cannot use %s: %s: no certificate is in it (write it as PEM, the server's own first)"
            .formatted(setting, path),
        cause);
  }
}
