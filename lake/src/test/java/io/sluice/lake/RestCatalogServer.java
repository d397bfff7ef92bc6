package io.sluice.lake;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;
import org.apache.iceberg.rest.RESTSerializers;
import org.apache.iceberg.rest.requests.CreateNamespaceRequest;
import org.apache.iceberg.rest.requests.CreateTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ConfigResponse;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.jspecify.annotations.Nullable;

/**
 * An Iceberg REST catalog that can be written, by Iceberg's own handlers over an SQLite catalog. A
 * step of its faults is one request: it fails before anything is done, or its answer is lost.
 */
final class RestCatalogServer implements AutoCloseable {

  static final String TOKEN = "let-me-in";

  private static final int UNAUTHORIZED = 401;
  private static final int NO_CONTENT = 204;

  /** As Iceberg's own client reads and writes. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .visibility(PropertyAccessor.FIELD, Visibility.ANY)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  static {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    RESTSerializers.registerAll(JSON);
  }

  private final HttpServer server;
  private final JdbcCatalog catalog;
  private final Faults faults;
  private final boolean repeats;
  private final ReentrantLock commits = new ReentrantLock();

  private RestCatalogServer(
      HttpServer server, JdbcCatalog catalog, Faults faults, boolean repeats) {
    this.server = server;
    this.catalog = catalog;
    this.faults = faults;
    this.repeats = repeats;
  }

  static RestCatalogServer start(LakeConfig behind, FileIO files, Faults faults, boolean repeats)
      throws IOException {
    return start(0, behind, files, faults, repeats);
  }

  /**
   * On a port of loopback.
   *
   * @param port 0 = any
   * @param repeats a request whose answer is lost is sent again, as by a gateway in between
   */
  static RestCatalogServer start(
      int port, LakeConfig behind, FileIO files, Faults faults, boolean repeats)
      throws IOException {
    JdbcCatalog catalog = new JdbcCatalog(ignored -> files, null, true);
    catalog.initialize(
        Catalogs.NAME,
        Map.of(
            CatalogProperties.URI,
            behind.connectUri(),
            CatalogProperties.WAREHOUSE_LOCATION,
            behind.warehouse(),
            "jdbc.schema-version",
            "V1"));
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    http.setExecutor(
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "rest-catalog");
              thread.setDaemon(true);
              return thread;
            }));
    RestCatalogServer server = new RestCatalogServer(http, catalog, faults, repeats);
    http.createContext("/", server::handle);
    http.start();
    return server;
  }

  String uri() {
    return "http://127.0.0.1:" + port();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (faults.strikes()) {
      exchange.close();
      return;
    }
    Answer answer = answer(exchange, body);
    if (faults.strikes()) {
      if (!repeats) {
        exchange.close();
        return;
      }
      answer = answer(exchange, body);
    }
    byte[] bytes = answer.body() == null ? new byte[0] : JSON.writeValueAsBytes(answer.body());
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), head || bytes.length == 0 ? -1 : bytes.length);
    if (!head) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private record Answer(int status, @Nullable Object body) {}

  private Answer answer(HttpExchange exchange, byte[] body) {
    if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      return new Answer(UNAUTHORIZED, error(UNAUTHORIZED, new IllegalStateException("who?")));
    }
    try {
      Object answer = answer(exchange.getRequestMethod(), exchange.getRequestURI(), body);
      return new Answer(answer == null ? NO_CONTENT : 200, answer);
    } catch (RuntimeException e) {
      return new Answer(status(e), error(status(e), e));
    }
  }

  private static ErrorResponse error(int status, RuntimeException e) {
    return ErrorResponse.builder()
        .responseCode(status)
        .withType(e.getClass().getSimpleName())
        .withMessage(String.valueOf(e.getMessage()))
        .build();
  }

  private static int status(RuntimeException e) {
    if (e instanceof NoSuchTableException || e instanceof NoSuchNamespaceException) {
      return 404;
    }
    if (e instanceof AlreadyExistsException || e instanceof CommitFailedException) {
      return 409;
    }
    return e instanceof IllegalArgumentException ? 400 : 500;
  }

  private @Nullable Object answer(String method, URI uri, byte[] body) {
    List<String> path =
        List.of(uri.getRawPath().split("/")).stream()
            .skip(2)
            .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
            .toList();
    if (path.equals(List.of("config"))) {
      return ConfigResponse.builder().build();
    }
    if (path.size() == 1) {
      return method.equals("POST")
          ? CatalogHandlers.createNamespace(catalog, read(body, CreateNamespaceRequest.class))
          : CatalogHandlers.listNamespaces(catalog, Namespace.empty());
    }
    Namespace namespace = Namespace.of(path.get(1));
    if (path.size() == 2) {
      return CatalogHandlers.loadNamespace(catalog, namespace);
    }
    if (path.size() == 3) {
      return method.equals("POST")
          ? CatalogHandlers.createTable(catalog, namespace, read(body, CreateTableRequest.class))
          : CatalogHandlers.listTables(catalog, namespace);
    }
    return table(method, TableIdentifier.of(namespace, path.get(3)), body);
  }

  private @Nullable Object table(String method, TableIdentifier table, byte[] body) {
    return switch (method) {
      case "POST" -> update(table, read(body, UpdateTableRequest.class));
      case "DELETE" -> {
        CatalogHandlers.dropTable(catalog, table);
        yield null;
      }
      default -> CatalogHandlers.loadTable(catalog, table, SnapshotMode.ALL);
    };
  }

  /** The handlers try again on a conflict of their own; one at a time has none. */
  private Object update(TableIdentifier table, UpdateTableRequest request) {
    commits.lock();
    try {
      return CatalogHandlers.updateTable(catalog, table, request);
    } finally {
      commits.unlock();
    }
  }

  private static <T> T read(byte[] body, Class<T> type) {
    try {
      return JSON.readValue(body, type);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read request", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    catalog.close();
  }
}
