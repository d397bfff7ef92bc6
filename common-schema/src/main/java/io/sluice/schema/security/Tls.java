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

  private record Looks(FileLook chain, FileLook key, FileLook authorities) {
    boolean saysAs(Looks other) {
      return chain.text().equals(other.chain.text())
          && key.text().equals(other.key.text())
          && authorities.text().equals(other.authorities.text());
    }
  }

  private final TlsFiles files;
  private final @Nullable ReloadedKeys keys;
  private final ReloadedTrust trust;
  private Looks taken;
  private Looks seen;
  private volatile @Nullable X509Certificate own;

  private Tls(TlsFiles files, Looks first) throws CannotStartException {
    this.files = files;
    this.taken = first;
    this.seen = first;
    TlsIdentity identity = identity(first);
    this.keys = identity == null ? null : new ReloadedKeys(identity);
    this.trust = new ReloadedTrust(authorities(first));
    tell(identity);
  }

  /**
   * Reads the files, at one look.
   *
   * @throws CannotStartException they cannot be used, and which and why
   */
  public static Tls read(TlsFiles files) throws CannotStartException {
    Tls tls = new Tls(files, look(files));
    TlsFile key = files.key();
    if (key != null) {
      PrivateFile.warnIfReadByOthers(key.setting(), key.path());
    }
    return tls;
  }

  @Override
  public boolean refresh() throws CannotStartException {
    Looks found = look(files);
    boolean settled = found.equals(seen);
    seen = found;
    if (!settled || found.saysAs(taken)) {
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
    taken = found;
    tell(identity);
    return true;
  }

  private static Looks look(TlsFiles files) throws CannotStartException {
    return new Looks(look(files.certificate()), look(files.key()), look(files.authorities()));
  }

  private static FileLook look(@Nullable TlsFile file) throws CannotStartException {
    return file == null ? FileLook.NONE : file.look();
  }

  private @Nullable TlsIdentity identity(Looks looks) throws CannotStartException {
    TlsFile certificate = files.certificate();
    TlsFile key = files.key();
    return certificate == null || key == null
        ? null
        : TlsIdentity.of(certificate, looks.chain.text(), key, looks.key.text());
  }

  private @Nullable List<X509Certificate> authorities(Looks looks) throws CannotStartException {
    TlsFile file = files.authorities();
    return file == null ? null : file.certificates(looks.authorities.text());
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

  /** Whether a certificate is good for that host. */
  public static boolean isFor(X509Certificate certificate, String host) {
    return HostNames.has(certificate, host);
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
