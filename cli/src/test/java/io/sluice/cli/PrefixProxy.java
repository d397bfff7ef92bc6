package io.sluice.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What stands before a service in many places: shows it below a prefix, which it takes off, and
 * passes on each byte as it comes. Any number of clients.
 */
final class PrefixProxy implements AutoCloseable {

  private static final String PREFIX = "/inside/writer";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private final String behind;

  private PrefixProxy(HttpServer server, String behind) {
    this.server = server;
    this.behind = behind;
  }

  /**
   * Serves when it returns.
   *
   * @param behind {@code http://HOST:PORT}
   */
  static PrefixProxy before(String behind) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    PrefixProxy proxy = new PrefixProxy(server, behind);
    server.createContext(PREFIX, proxy::pass);
    server.setExecutor(proxy.threads);
    server.start();
    return proxy;
  }

  /** With a slash at the end. */
  String url() {
    return "http://127.0.0.1:%d%s/".formatted(server.getAddress().getPort(), PREFIX);
  }

  private void pass(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString().substring(PREFIX.length());
    HttpRequest request = HttpRequest.newBuilder(URI.create(behind + path)).build();
    try (exchange) {
      HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      answer
          .headers()
          .firstValue("Content-Security-Policy")
          .ifPresent(said -> exchange.getResponseHeaders().set("Content-Security-Policy", said));
      exchange.sendResponseHeaders(answer.statusCode(), 0);
      try (InputStream in = answer.body();
          OutputStream out = exchange.getResponseBody()) {
        byte[] part = new byte[8192];
        for (int read = in.read(part); read >= 0; read = in.read(part)) {
          out.write(part, 0, read);
          out.flush();
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
