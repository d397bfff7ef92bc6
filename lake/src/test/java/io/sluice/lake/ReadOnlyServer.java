package io.sluice.lake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.lake.rest.RestAnswer;
import io.sluice.lake.rest.RestCatalog;
import io.sluice.lake.rest.RestRequest;
import io.sluice.lake.rest.Tenants;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A REST catalog by HTTP, as plainly as can be. */
final class ReadOnlyServer implements AutoCloseable {

  private final HttpServer server;
  private final RestCatalog catalog;
  private final List<RestAnswer> answers = new CopyOnWriteArrayList<>();
  private volatile Tenants tenants = Tenants.ALL;
  private volatile boolean old;

  ReadOnlyServer(RestCatalog catalog) throws IOException {
    this.catalog = catalog;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on callers may read these only. */
  void tenants(Tenants readable) {
    tenants = readable;
  }

  /** From now on it does not say which endpoints there are, so that clients try them all. */
  void old() {
    old = true;
  }

  /** All that was answered, in this order. */
  List<RestAnswer> answers() {
    return List.copyOf(answers);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      RestAnswer answer =
          catalog.answer(
              new RestRequest(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI().getRawPath(),
                  exchange.getRequestURI().getRawQuery(),
                  exchange.getRequestHeaders().getFirst("If-None-Match"),
                  tenants));
      answers.add(answer);
      byte[] body =
          old && answer.route().equals("config")
              ? "{\"defaults\":{},\"overrides\":{}}".getBytes(StandardCharsets.UTF_8)
              : answer.json();
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), none ? -1 : body.length);
      if (!none) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
