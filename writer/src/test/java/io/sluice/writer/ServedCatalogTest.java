package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.schema.service.Settings;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole Writer's REST catalog, read by Iceberg's own client. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServedCatalogTest {

  private static final TableIdentifier TRACES = TableIdentifier.of("default", "traces");

  @TempDir Path data;
  private final HttpClient http = HttpClient.newHttpClient();
  private final BufferAllocator allocator = new RootAllocator();
  private volatile boolean away;
  private WriterService service;
  private FlightClient flight;

  @AfterEach
  void close() throws Exception {
    away = false;
    stop();
    allocator.close();
  }

  private void start() throws Exception {
    List<String> flags =
        List.of(
            "--data=" + data,
            "--flight.port=0",
            "--writer.admin.port=0",
            "--wal.segment-bytes=1MiB",
            "--wal.max-bytes=64MiB");
    service =
        WriterService.open(
            WriterSettings.from(Settings.of(flags, Map.of(), data)),
            WriterEnvironment.withLakes(this::lake),
            (part, e) -> {
              throw new AssertionError(part, e);
            });
    flight =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build();
  }

  private void stop() throws Exception {
    flight.close();
    service.close();
  }

  /** Asks a database where none can be, as long as the catalog is away. */
  private Lake lake(LakeConfig config) throws LakeUnavailableException {
    String nobody = "jdbc:sqlite:" + data.resolve("no-directory/x.db");
    return Lake.open(away ? LakeConfig.of(nobody, config.warehouse()) : config, Clock.systemUTC());
  }

  @Test
  void aClientSeesTablesAndPersistedRowsAtTheAdminPort() throws Exception {
    start();
    put();
    flight.doAction(new Action("flush")).forEachRemaining(result -> {});
    try (RESTCatalog catalog = new RESTCatalog()) {
      catalog.initialize("any", Map.of("uri", "http://127.0.0.1:" + service.adminPort()));
      assertThat(catalog.listNamespaces()).containsExactly(Namespace.of("default"));
      assertThat(catalog.listTables(Namespace.of("default"))).hasSize(8);
      Table traces = catalog.loadTable(TRACES);
      assertThat(names(traces)).hasSize(10).contains("span 0", "span 9");
      assertThat(traces.properties())
          .anySatisfy((key, value) -> assertThat(key).startsWith("sluice.position."));
    }
    assertThat(get("/metrics").body())
        .containsPattern("sluice_catalog_requests_total\\{.*outcome=\"ok\".*route=\"load_table\"");
    assertThat(get("/livez").body()).isEqualTo("live\n");
  }

  @Test
  void aWriterThatStartsWithoutItsCatalogSaysSoToReadersUntilItIsThere() throws Exception {
    start();
    put();
    stop();
    away = true;
    start();
    HttpResponse<String> response = get("/v1/namespaces");
    while (response.body().contains("the catalog is not open yet")) {
      response = get("/v1/namespaces");
    }
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body())
        .contains("ServiceUnavailableException", "cannot read tables yet: the catalog is away");
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    away = false;
    while (get("/v1/namespaces").statusCode() != 200) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(get("/v1/namespaces/default/tables").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + service.adminPort() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static List<String> names(Table table) throws Exception {
    List<String> names = new ArrayList<>();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).select("name").build()) {
      rows.forEach(row -> names.add((String) row.getField("name")));
    }
    return names;
  }

  private void put() throws Exception {
    long micros = System.currentTimeMillis() * 1000;
    PutMetadata metadata =
        new PutMetadata(false, 1, List.of(new PutMetadata.Batch(new BatchId(7, 1), 10, micros)));
    try (VectorSchemaRoot root = WireSpans.of(allocator, "cart", 0, 10, micros * 1000)) {
      assertThat(FlightPuts.spans(flight, allocator, "default", metadata, root).status())
          .isEqualTo(PutAnswer.Status.DONE);
    }
  }
}
