package io.sluice.acceptor;

import io.sluice.schema.security.TrialAuthority;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate of localhost, its key and who signed it, as PEM files. */
public record TestCertificate(Path certificate, Path key, Path authority) {

  /** By name and algorithm: each costs a JVM. */
  private static final Map<List<String>, TrialAuthority.Issued> MADE = new HashMap<>();

  private static @Nullable TrialAuthority made;

  /**
   * The one of that name and algorithm, RSA or EC: the same whenever it is asked for, in files of
   * that directory.
   */
  public static synchronized TestCertificate make(Path directory, String name, String algorithm)
      throws Exception {
    if (made == null) {
      made = TrialAuthority.in(Files.createTempDirectory("authority").resolve("ca.p12"));
    }
    TrialAuthority.Issued issued = MADE.get(List.of(name, algorithm));
    if (issued == null) {
      issued = made.issue(name, algorithm, List.of("localhost", "127.0.0.1"));
      MADE.put(List.of(name, algorithm), issued);
    }
    return new TestCertificate(
        Files.writeString(directory.resolve(name + ".crt"), issued.certificate()),
        Files.writeString(directory.resolve(name + ".key"), issued.key()),
        Files.writeString(directory.resolve("ca.crt"), made.certificate()));
  }

  /** What makes an Acceptor use it. */
  public String[] flags() {
    return new String[] {"--otlp.tls.certificate=" + certificate, "--otlp.tls.key=" + key};
  }

  /** Of a client that trusts who signed it and nobody else. */
  public SSLContext trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "server",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(authority))));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
