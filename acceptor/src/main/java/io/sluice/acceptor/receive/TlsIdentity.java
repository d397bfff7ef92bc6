package io.sluice.acceptor.receive;

import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.FileFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Who the server says it is: a certificate, those up to its authority, and its private key.
 *
 * @param chain the server's own first
 */
public record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {

  /** Of the key store in memory; it keeps nothing from anybody. */
  static final String PASSWORD = "in-memory";

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private static final String FORMS =
      "write it as PKCS#8 without a passphrase: openssl pkcs8 -topk8 -nodes -in KEY -out KEY.pem";

  public TlsIdentity {
    chain = List.copyOf(chain);
  }

  /**
   * Reads two PEM files.
   *
   * @throws CannotStartException one is missing, or not what it should be, or they do not belong
   *     together
   */
  static TlsIdentity read(Path certificate, Path key) throws CannotStartException {
    List<X509Certificate> chain = chain(certificate, text(TlsFiles.CERTIFICATE, certificate));
    PublicKey publicKey = chain.get(0).getPublicKey();
    try {
      PrivateKey privateKey = key(key, text(TlsFiles.KEY, key), publicKey.getAlgorithm());
      if (belongs(privateKey, publicKey)) {
        return new TlsIdentity(chain, privateKey);
      }
    } catch (GeneralSecurityException e) {
      throw mismatch(certificate, key, e);
    }
    throw mismatch(certificate, key, null);
  }

  /** The same, as the JDK's providers take it. */
  KeyStore keyStore() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("otlp", key, PASSWORD.toCharArray(), chain.toArray(new Certificate[0]));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot make a key store in memory", e);
    }
  }

  KeyManager[] keyManagers() {
    try {
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(keyStore(), PASSWORD.toCharArray());
      return factory.getKeyManagers();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a key manager", e);
    }
  }

  private static String text(String setting, Path file) throws CannotStartException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new CannotStartException(
          "cannot read %s: %s: %s".formatted(setting, file, FileFailure.reason(e)), e);
    }
  }

  private static List<X509Certificate> chain(Path file, String text) throws CannotStartException {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (GeneralSecurityException e) {
      throw noCertificate(file, e);
    }
    throw noCertificate(file, null);
  }

  private static PrivateKey key(Path file, String text, String algorithm)
      throws CannotStartException, GeneralSecurityException {
    Matcher matcher = KEY.matcher(text);
    if (!matcher.find()) {
      throw new CannotStartException(
          "cannot use %s: %s: no private key is in it that can be read (%s)"
              .formatted(TlsFiles.KEY, file, FORMS),
          null);
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (IllegalArgumentException e) {
      throw new CannotStartException(
          "cannot use %s: %s: it is not base64 (%s)".formatted(TlsFiles.KEY, file, FORMS), e);
    }
  }

  /** What the one signs, the other must confirm. */
  private static boolean belongs(PrivateKey key, PublicKey certified)
      throws GeneralSecurityException {
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    byte[] text = "sluice".getBytes(StandardCharsets.US_ASCII);
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(text);
    byte[] signature = signing.sign();
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(certified);
    verifying.update(text);
    return verifying.verify(signature);
  }

  private static CannotStartException noCertificate(Path file, @Nullable Throwable cause) {
    return new CannotStartException(
        "cannot use %s: %s: no certificate is in it (write it as PEM, the server's own first)"
            .formatted(TlsFiles.CERTIFICATE, file),
        cause);
  }

  private static CannotStartException mismatch(
      Path certificate, Path key, @Nullable Throwable cause) {
    return new CannotStartException(
        "cannot use %s: %s: it is not the key of %s (RSA and EC can be used)"
            .formatted(TlsFiles.KEY, key, certificate),
        cause);
  }
}
