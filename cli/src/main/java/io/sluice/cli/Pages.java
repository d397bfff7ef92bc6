package io.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The admin pages of services of this box.
 *
 * @param tls that they speak; null if they are plain
 * @param token that is shown; null: none
 */
record Pages(@Nullable SSLContext tls, @Nullable String token) {

  static final Pages PLAIN = new Pages(null, null);

  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int OK = 200;

  /** Where a page is. */
  URI at(String authority, String path) {
    return URI.create((tls == null ? "http://" : "https://") + authority + path);
  }

  /** Not connected yet. */
  HttpURLConnection open(URI page) throws IOException {
    HttpURLConnection connection = plain(page);
    if (token != null) {
      connection.setRequestProperty("Authorization", "Bearer " + token);
    }
    return connection;
  }

  /** The same without the token: a probe needs none, and whoever has the port would get it. */
  private HttpURLConnection plain(URI page) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    if (connection instanceof HttpsURLConnection https && tls != null) {
      https.setSSLSocketFactory(tls.getSocketFactory());
      // Its certificate is believed or not; that it is of a name that is not an address of this
      // machine is no reason to doubt a child of one's own.
      https.setHostnameVerifier((host, session) -> true);
    }
    return connection;
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
