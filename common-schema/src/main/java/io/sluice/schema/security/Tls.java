package io.sluice.schema.security;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.sluice.schema.service.CannotStartException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What TLS files say now: new ones are taken by {@link #refresh}, and hold for connections that are
 * made after. What is made of it here may be used by any thread; refreshed by one.
 */
public final class Tls implements Refreshed {

  /** All else is broken, or lets what was recorded be read once a key is known. */
  public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

  private record Texts(String chain, String key, String authorities) {}

  private final TlsFiles files;
  private final @Nullable ReloadedKeys keys;
  private final ReloadedTrust trust;
  private Texts texts;
  private volatile @Nullable X509Certificate own;

  private Tls(TlsFiles files, Texts texts) throws CannotStartException {
    this.files = files;
    this.texts = texts;
    TlsIdentity identity = identity(texts);
    this.keys = identity == null ? null : new ReloadedKeys(identity);
    this.trust = new ReloadedTrust(authorities(texts));
    tell(identity);
  }

  /**
   * Reads the files.
   *
   * @throws CannotStartException they cannot be used, and which and why
   */
  public static Tls read(TlsFiles files) throws CannotStartException {
    return new Tls(files, texts(files));
  }

  @Override
  public boolean refresh() throws CannotStartException {
    Texts found = texts(files);
    if (found.equals(texts)) {
      return false;
    }
    TlsIdentity identity = identity(found);
    List<X509Certificate> authorities = authorities(found);
    if (keys != null && identity != null) {
      keys.set(identity);
    }
    if (authorities != null) {
      trust.set(authorities);
    }
    texts = found;
    tell(identity);
    return true;
  }

  private static Texts texts(TlsFiles files) throws CannotStartException {
    return new Texts(text(files.certificate()), text(files.key()), text(files.authorities()));
  }

  private static String text(@Nullable TlsFile file) throws CannotStartException {
    return file == null ? "" : file.text();
  }

  private @Nullable TlsIdentity identity(Texts texts) throws CannotStartException {
    TlsFile certificate = files.certificate();
    TlsFile key = files.key();
    return certificate == null || key == null
        ? null
        : TlsIdentity.of(certificate, texts.chain, key, texts.key);
  }

  private @Nullable List<X509Certificate> authorities(Texts texts) throws CannotStartException {
    TlsFile file = files.authorities();
    return file == null ? null : file.certificates(texts.authorities);
  }

  private void tell(@Nullable TlsIdentity identity) {
    if (identity != null) {
      X509Certificate shown = identity.chain().get(0);
      own = shown;
      LOG.info("TLS as {}, until {}", shown.getSubjectX500Principal(), expires());
    }
  }

  /** When its certificate does; {@link Instant#MAX} if it has none. */
  Instant expires() {
    X509Certificate shown = own;
    return shown == null ? Instant.MAX : shown.getNotAfter().toInstant();
  }

  /** Whether its certificate is good for that host; true if it has none to show. */
  public boolean isFor(String host) {
    X509Certificate shown = own;
    return shown == null || HostNames.has(shown, host);
  }

  /** Whether there is a certificate to show. */
  public boolean hasIdentity() {
    return keys != null;
  }

  /**
   * What shows the certificate.
   *
   * @throws IllegalStateException there is none
   */
  public KeyManager keys() {
    if (keys == null) {
      throw new IllegalStateException("cannot show a certificate: there is none");
    }
    return keys;
  }

  /** What believes the authorities. */
  public TrustManager trust() {
    return trust;
  }

  /** What believes the authorities as they are now: another object once they are others. */
  X509ExtendedTrustManager believed() {
    return trust.now();
  }

  /** Its certificate; null if it has none. */
  @Nullable X509Certificate own() {
    return own;
  }

  /** For a gRPC server; it shows the certificate. */
  public ServerCredentials server(boolean clientCertificates) {
    TlsServerCredentials.Builder credentials = TlsServerCredentials.newBuilder().keyManager(keys());
    if (clientCertificates) {
      credentials.trustManager(trust).clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
    }
    return credentials.build();
  }

  /** For a gRPC client; it shows the certificate if there is one and it is asked for. */
  public ChannelCredentials client() {
    TlsChannelCredentials.Builder credentials =
        TlsChannelCredentials.newBuilder().trustManager(trust);
    if (keys != null) {
      credentials.keyManager(keys);
    }
    return credentials.build();
  }

  /** Both, for the JDK's own TLS; a session of a client ends when others are believed. */
  public SSLContext context() {
    return new ReloadedContext(this::believed, this::newContext);
  }

  private SSLContext newContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys == null ? null : new KeyManager[] {keys}, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a TLS context", e);
    }
  }
}
