package io.sluice.schema.security;

import io.sluice.schema.service.CannotStartException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who one says one is: a certificate, those up to its authority, and its private key.
 *
 * @param chain one's own first
 */
record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private static final String FORMS =
      "write it as PKCS#8 without a passphrase: openssl pkcs8 -topk8 -nodes -in KEY -out KEY.pem";

  TlsIdentity {
    chain = List.copyOf(chain);
  }

  /**
   * Of the texts of two PEM files.
   *
   * @throws CannotStartException one is not what it should be, or they do not belong together
   */
  static TlsIdentity of(TlsFile certificate, String chainText, TlsFile key, String keyText)
      throws CannotStartException {
    List<X509Certificate> chain = certificate.certificates(chainText);
    PublicKey publicKey = chain.get(0).getPublicKey();
    try {
      PrivateKey privateKey = key(key, keyText, publicKey.getAlgorithm());
      if (belongs(privateKey, publicKey)) {
        return new TlsIdentity(chain, privateKey);
      }
    } catch (GeneralSecurityException e) {
      throw mismatch(certificate, key, e);
    }
    throw mismatch(certificate, key, null);
  }

  private static PrivateKey key(TlsFile file, String text, String algorithm)
      throws CannotStartException, GeneralSecurityException {
    Matcher matcher = KEY.matcher(text);
    if (!matcher.find()) {
      throw new CannotStartException(
          "cannot use %s: %s: no private key is in it that can be read (%s)"
              .formatted(file.setting(), file.path(), FORMS),
          null);
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (IllegalArgumentException e) {
      throw new CannotStartException(
          "cannot use %s: %s: it is not base64 (%s)".formatted(file.setting(), file.path(), FORMS),
          e);
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

  private static CannotStartException mismatch(
      TlsFile certificate, TlsFile key, @Nullable Throwable cause) {
    return new CannotStartException(
        "cannot use %s: %s: it is not the key of %s (RSA and EC can be used)"
            .formatted(key.setting(), key.path(), certificate.path()),
        cause);
  }
}
