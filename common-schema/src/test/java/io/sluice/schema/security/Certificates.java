package io.sluice.schema.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Certificates of localhost, each made once: it costs a JVM. */
final class Certificates {

  private static final Map<List<String>, TrialAuthority.Issued> MADE = new HashMap<>();
  private static @Nullable TrialAuthority authority;

  /** PEM files of one certificate. */
  record Pem(Path certificate, Path key, Path authority) {

    TlsFiles files() {
      return new TlsFiles(
          new TlsFile("tls.certificate", certificate),
          new TlsFile("tls.key", key),
          new TlsFile("tls.ca", authority));
    }
  }

  static synchronized TrialAuthority authority() throws IOException, InterruptedException {
    if (authority == null) {
      authority = TrialAuthority.in(Files.createTempDirectory("authority").resolve("ca.p12"));
    }
    return authority;
  }

  static synchronized Pem make(Path directory, String name, String algorithm)
      throws IOException, InterruptedException {
    TrialAuthority.Issued issued = MADE.get(List.of(name, algorithm));
    if (issued == null) {
      issued = authority().issue(name, algorithm, List.of("localhost", "127.0.0.1", "::1"));
      MADE.put(List.of(name, algorithm), issued);
    }
    return new Pem(
        Files.writeString(directory.resolve(name + ".crt"), issued.certificate()),
        Files.writeString(directory.resolve(name + ".key"), issued.key()),
        Files.writeString(directory.resolve("ca.crt"), authority().certificate()));
  }

  private Certificates() {}
}
