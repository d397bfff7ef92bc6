package io.sluice.schema.security;

import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What the other side of a TLS connection has shown, and has shown to have the key of.
 *
 * @param chain its own certificate first
 */
public record PeerCertificate(List<X509Certificate> chain) {

  public PeerCertificate {
    chain = List.copyOf(chain);
  }

  /**
   * Of a connection.
   *
   * @param session null: it is plain
   * @return empty if nothing was shown
   */
  public static Optional<PeerCertificate> of(@Nullable SSLSession session) {
    if (session == null) {
      return Optional.empty();
    }
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate each : session.getPeerCertificates()) {
        if (each instanceof X509Certificate certificate) {
          chain.add(certificate);
        }
      }
      return chain.isEmpty() ? Optional.empty() : Optional.of(new PeerCertificate(chain));
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether a client that shows it is believed by the authorities as they are now: a session that
   * is resumed shows what it did when it began, and TLS does not look at that again.
   */
  public boolean isBelieved(Tls tls) {
    try {
      X509Certificate[] all = chain.toArray(new X509Certificate[0]);
      tls.believed().checkClientTrusted(all, all[0].getPublicKey().getAlgorithm());
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  /** Whether it is for that host, as a client that connects there would check it. */
  public boolean isFor(String host) {
    return HostNames.has(chain.get(0), host);
  }

  /** Whether it is for all that one's own certificate is for, so that one could be the other. */
  public boolean isForAllOf(Tls tls) {
    X509Certificate own = tls.own();
    return own != null && HostNames.hasAll(chain.get(0), own);
  }

  /** For messages: whose it says it is. */
  public String subject() {
    return chain.get(0).getSubjectX500Principal().getName();
  }
}
