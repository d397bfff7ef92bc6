package io.sluice.cli;

import io.sluice.schema.security.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The admin pages of services of this box.
 *
 * @param tls that they speak; null if they are plain
 * @param names what a certificate may be for that is not for the address by which a page is read:
 *     all services of a box show one certificate, which is for what {@code writers} calls a Writer
 * @param token that is shown to a host; null: none
 */
record Pages(@Nullable SSLContext tls, Set<String> names, Token token) {

  static final Pages PLAIN = new Pages(null, Set.of(), host -> null);

  /** What a host may know. */
  interface Token {
    @Nullable String of(String host);
  }

  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int OK = 200;

  /** Where a page is. */
  URI at(String authority, String path) {
    return URI.create((tls == null ? "http://" : "https://") + authority + path);
  }

  /** Not connected yet. */
  HttpURLConnection open(URI page) throws IOException {
    HttpURLConnection connection = plain(page);
    String shown = token.of(page.getHost());
    if (shown != null) {
      connection.setRequestProperty("Authorization", "Bearer " + shown);
    }
    return connection;
  }

  /** The same without the token: a probe needs none, and whoever has the port would get it. */
  private HttpURLConnection plain(URI page) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setInstanceFollowRedirects(false); // the token is for this host
    if (connection instanceof HttpsURLConnection https && tls != null) {
      https.setSSLSocketFactory(tls.getSocketFactory());
      https.setHostnameVerifier((host, session) -> isNamed(session)); // it is not for the host
    }
    return connection;
  }

  private boolean isNamed(SSLSession session) {
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate certificate
          && names.stream().anyMatch(name -> Tls.isFor(certificate, name));
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  /** Why a service does not serve; empty if it does. */
  String lacking(URI readyz) {
    try {
      HttpURLConnection http = plain(readyz);
      if (http.getResponseCode() == OK) {
        return "";
      }
      try (InputStream body = http.getErrorStream()) {
        String said =
            body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
        return said.isEmpty() ? "it does not say why" : said;
      }
    } catch (IOException e) {
      return "starting"; // it does not listen yet
    }
  }
}
