package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.lake.rest.RestAnswer;
import io.sluice.lake.rest.RestCatalog;
import io.sluice.lake.s3.S3Config;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ClientPool;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The REST catalog as Iceberg's own client sees it, and what no client of Iceberg's sends. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServedTablesTest {

  private static final UUID LOG = UUID.fromString("00000000-0000-0000-0000-000000000001");
  private static final TableIdentifier TRACES = TableIdentifier.of("default", "traces");
  private static final Namespace DEFAULT = Namespace.of("default");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private static Lake lake;
  private ReadOnlyServer server;
  private RESTCatalog client;

  /** One for all: making it takes a second, and nothing here changes what another test reads. */
  @BeforeAll
  static void make() throws Exception {
    lake = TempLake.open(TempLake.config(directory));
    lake.ensureTables("default");
    lake.makeAnew("acme", Table.LOGS);
    LakeTable traces = lake.table("default", Table.TRACES);
    traces.commit(new LogRange(LOG, 0, 10), List.of(TempLake.file(traces, "a", "b")));
    traces.commit(new LogRange(LOG, 10, 20), List.of(TempLake.file(traces, "c")));
  }

  @AfterAll
  static void end() {
    lake.close();
  }

  @BeforeEach
  void open() throws Exception {
    server = new ReadOnlyServer(new RestCatalog(() -> lake, () -> null));
    client = client(Map.of());
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    server.close();
  }

  private RESTCatalog client(Map<String, String> more) {
    RESTCatalog catalog = new RESTCatalog();
    Map<String, String> properties = new HashMap<>(Map.of("uri", server.uri()));
    properties.putAll(more);
    catalog.initialize("sluice", properties);
    return catalog;
  }

  private static List<String> traceIds(org.apache.iceberg.Table table) throws IOException {
    List<String> ids = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .where(Expressions.greaterThanOrEqual("time", TempLake.NOON))
            .select("trace_id")
            .build()) {
      rows.forEach(row -> ids.add((String) row.getField("trace_id")));
    }
    return ids.stream().sorted().toList();
  }

  @Test
  void aClientListsWhatThereIsAndReadsItsRows() throws Exception {
    assertThat(client.listNamespaces()).containsExactly(Namespace.of("acme"), DEFAULT);
    assertThat(client.listTables(DEFAULT))
        .extracting(TableIdentifier::name)
        .containsExactlyElementsOf(Table.all().stream().map(Table::tableName).sorted().toList());
    assertThat(client.namespaceExists(DEFAULT)).isTrue();
    assertThat(client.loadNamespaceMetadata(DEFAULT)).isNotNull();
    assertThat(client.tableExists(TRACES)).isTrue();
    assertThat(traceIds(client.loadTable(TRACES))).containsExactly("a", "b", "c");
    assertThat(client.listViews(DEFAULT)).isEmpty();
    assertThat(client.viewExists(TRACES)).isFalse();
    assertThat(client.loadTable(TableIdentifier.of("default", "traces", "snapshots")))
        .as("a metadata table, made by the client")
        .isNotNull();
    assertThat(client.listNamespaces(DEFAULT)).isEmpty();
  }

  @Test
  void aTableIsWholeAsTheCatalogInUseHasIt() throws Exception {
    BaseTable served = (BaseTable) client.loadTable(TRACES);
    BaseTable own = (BaseTable) lake.catalog().loadTable(TRACES);
    assertThat(served.operations().current().metadataFileLocation())
        .isEqualTo(own.operations().current().metadataFileLocation());
    assertThat(served.properties()).isEqualTo(own.properties());
    assertThat(served.properties()).containsEntry("sluice.position." + LOG, "20");
    assertThat(served.schema().asStruct()).isEqualTo(own.schema().asStruct());
    assertThat(served.spec()).isEqualTo(own.spec());
    assertThat(served.sortOrder()).isEqualTo(own.sortOrder());
    assertThat(served.snapshots()).hasSize(2);
    assertThat(served.currentSnapshot().summary()).containsKey("sluice.positions");
  }

  @Test
  void aClientThatLoadsReferencedSnapshotsOnlyGetsTheOthersWhenItAsks() throws Exception {
    try (RESTCatalog lazy = client(Map.of("snapshot-loading-mode", "refs"))) {
      org.apache.iceberg.Table table = lazy.loadTable(TRACES);
      assertThat(
              body(get("/v1/namespaces/default/tables/traces?snapshots=refs"))
                  .at("/metadata/snapshots"))
          .hasSize(1);
      assertThat(traceIds(table)).containsExactly("a", "b", "c");
      assertThat(table.snapshots()).hasSize(2);
    }
  }

  @Test
  void aRefreshSeesTheNextCommitAndAnUnchangedTableIsNotSentAgain() throws Exception {
    LakeTable logs = lake.table("default", Table.LOGS);
    logs.commit(new LogRange(LOG, 0, 10), List.of(TempLake.file(logs, "a")));
    org.apache.iceberg.Table table = client.loadTable(TableIdentifier.of("default", "logs"));
    logs.commit(new LogRange(LOG, 10, 20), List.of(TempLake.file(logs, "b")));
    table.refresh();
    assertThat(traceIds(table)).containsExactly("a", "b");
    String path = "/v1/namespaces/default/tables/logs";
    String tag = get(path).headers().firstValue("etag").orElseThrow();
    HttpResponse<String> same = send("GET", path, Map.of("If-None-Match", tag));
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(send("GET", path + "?snapshots=refs", Map.of("If-None-Match", tag)).statusCode())
        .isEqualTo(200);
    logs.commit(new LogRange(LOG, 20, 30), List.of(TempLake.file(logs, "c")));
    assertThat(send("GET", path, Map.of("If-None-Match", tag)).statusCode()).isEqualTo(200);
  }

  @Test
  void listsComeInPages() throws Exception {
    try (RESTCatalog paging = client(Map.of("rest-page-size", "2"))) {
      assertThat(paging.listTables(DEFAULT)).hasSize(8).doesNotHaveDuplicates();
      assertThat(server.answers()).filteredOn(a -> a.route().equals("list_tables")).hasSize(4);
      assertThat(paging.listNamespaces()).hasSize(2);
    }
    JsonNode first = body(get("/v1/namespaces?pageSize=1"));
    assertThat(first.at("/namespaces/0/0").asText()).isEqualTo("acme");
    String token = first.at("/next-page-token").asText();
    JsonNode second = body(get("/v1/namespaces?pageSize=1&pageToken=" + token));
    assertThat(second.at("/namespaces/0/0").asText()).isEqualTo("default");
    assertThat(
            second.at("/next-page-token").isMissingNode() || second.at("/next-page-token").isNull())
        .isTrue();
  }

  @Test
  void whatIsNotThereIsSaidInTheProtocolsTypes() throws Exception {
    assertThatThrownBy(() -> client.loadTable(TableIdentifier.of("default", "nothing")))
        .isInstanceOf(NoSuchTableException.class);
    assertThatThrownBy(() -> client.listTables(Namespace.of("nobody")))
        .isInstanceOf(NoSuchNamespaceException.class);
    assertThatThrownBy(() -> client.listTables(Namespace.of("default", "traces")))
        .isInstanceOf(NoSuchNamespaceException.class);
    assertThatThrownBy(() -> client.loadNamespaceMetadata(Namespace.of("no/where at all")))
        .isInstanceOf(NoSuchNamespaceException.class)
        .hasMessageContaining("no/where at all");
    assertThat(client.tableExists(TableIdentifier.of("default", "nothing"))).isFalse();
    assertThat(client.namespaceExists(Namespace.of("default", "x"))).isFalse();
  }

  private static final String ERRORS =
      """
      GET /v1/nothing 404 NotFoundException
      GET /v1/namespaces/ 404 NoSuchNamespaceException
      POST /v1/oauth/tokens 404 NotFoundException
      GET /v1/prefix/namespaces 404 NotFoundException
      POST /v1/namespaces/default/tables/traces/plan 404 NotFoundException
      GET /v1/namespaces/default/tables/traces/credentials 404 NotFoundException
      PUT /v1/namespaces/default 404 NotFoundException
      GET /v1/namespaces/default%1Ftraces/tables 404 NoSuchNamespaceException
      GET /v1/namespaces/default/tables/no%2Fthing 404 NoSuchTableException
      GET /v1/namespaces/default/views/none 404 NoSuchViewException
      GET /v1/namespaces/nobody/views 404 NoSuchNamespaceException
      GET /v1/namespaces?parent=nobody 404 NoSuchNamespaceException
      GET /v1/namespaces/default/tables?pageSize=none 400 BadRequestException
      GET /v1/namespaces/default/tables?pageSize=0 400 BadRequestException
      GET /v1/namespaces?pageSize=1&pageToken=-1 400 BadRequestException
      GET /v1/namespaces/default/tables/traces?snapshots=some 400 BadRequestException
      POST /v1/namespaces 403 ForbiddenException
      DELETE /v1/namespaces/default 403 ForbiddenException
      POST /v1/namespaces/default/properties 403 ForbiddenException
      POST /v1/namespaces/default/tables 403 ForbiddenException
      POST /v1/namespaces/default/register 403 ForbiddenException
      POST /v1/namespaces/default/tables/traces 403 ForbiddenException
      DELETE /v1/namespaces/default/tables/traces 403 ForbiddenException
      POST /v1/tables/rename 403 ForbiddenException
      POST /v1/transactions/commit 403 ForbiddenException
      POST /v1/namespaces/default/views 403 ForbiddenException
      POST /v1/namespaces/default/views/v 403 ForbiddenException
      DELETE /v1/namespaces/default/views/v 403 ForbiddenException
      POST /v1/views/rename 403 ForbiddenException
      """;

  @Test
  void errorsHaveTheProtocolsForm() throws Exception {
    for (String line : ERRORS.lines().toList()) {
      String[] expected = line.split(" ");
      HttpResponse<String> response = send(expected[0], expected[1], Map.of());
      JsonNode error = body(response).get("error");
      assertThat(response.statusCode()).as(line).isEqualTo(Integer.parseInt(expected[2]));
      assertThat(error.get("code").asInt()).as(line).isEqualTo(response.statusCode());
      assertThat(error.get("type").asText()).as(line).isEqualTo(expected[3]);
      assertThat(error.get("message").asText()).as(line).isNotBlank().doesNotContain("Exception");
    }
  }

  @Test
  void aClientIsToldWhichEndpointsThereAreAndTriesNoOther() {
    for (Consumer<RESTCatalog> write : writes()) {
      assertThatThrownBy(() -> write.accept(client))
          .isInstanceOf(UnsupportedOperationException.class);
    }
    assertThat(server.answers()).noneMatch(answer -> answer.route().equals("write"));
  }

  @Test
  void everyWriteOfAClientThatTriesAllIsRefused() throws Exception {
    server.old();
    String before = metadata();
    List<Namespace> namespaces = client.listNamespaces();
    try (RESTCatalog old = client(Map.of("view-endpoints-supported", "true"))) {
      for (Consumer<RESTCatalog> write : writes()) {
        assertThatThrownBy(() -> write.accept(old))
            .isInstanceOf(ForbiddenException.class)
            .hasMessageContaining("it is read-only (rows come in by OTLP");
      }
    }
    assertThat(metadata()).isEqualTo(before);
    assertThat(client.listNamespaces()).isEqualTo(namespaces);
    assertThat(server.answers())
        .filteredOn(answer -> answer.route().equals("write"))
        .hasSameSizeAs(writes())
        .allMatch(answer -> answer.outcome().equals("refused"));
  }

  private static List<Consumer<RESTCatalog>> writes() {
    Schema schema = new Schema(Types.NestedField.optional(1, "x", Types.LongType.get()));
    TableIdentifier other = TableIdentifier.of("default", "other");
    return List.of(
        c -> c.createNamespace(Namespace.of("mine")),
        c -> c.dropNamespace(Namespace.of("acme")),
        c -> c.setProperties(DEFAULT, new HashMap<>(Map.of("a", "b"))),
        c -> c.removeProperties(DEFAULT, new HashSet<>(Set.of("a"))),
        c -> c.createTable(other, schema),
        c -> c.registerTable(other, "file:///nowhere.metadata.json"),
        c -> c.dropTable(TRACES, false),
        c -> c.renameTable(TRACES, other),
        c -> c.loadTable(TRACES).updateProperties().set("a", "b").commit(),
        c -> c.loadTable(TRACES).updateSchema().addColumn("y", Types.LongType.get()).commit(),
        c -> c.loadTable(TRACES).newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit(),
        c ->
            c.buildView(other)
                .withSchema(schema)
                .withDefaultNamespace(DEFAULT)
                .withQuery("spark", "SELECT 1")
                .create(),
        c -> c.dropView(other),
        c -> c.renameView(other, TRACES));
  }

  private String metadata() {
    return ((BaseTable) lake.catalog().loadTable(TRACES))
        .operations()
        .current()
        .metadataFileLocation();
  }

  @Test
  void reportsOfReadersAreTakenAndDropped() throws Exception {
    traceIds(client.loadTable(TRACES));
    assertThat(send("POST", "/v1/namespaces/default/tables/traces/metrics", Map.of()).statusCode())
        .isEqualTo(204);
    assertThat(server.answers())
        .filteredOn(answer -> answer.route().equals("report_metrics"))
        .isNotEmpty()
        .allMatch(answer -> answer.status() == 204);
  }

  @Test
  void theConfigurationListsWhatIsServedAndAnyWarehouseNameWillDo() throws Exception {
    JsonNode config = body(get("/v1/config?warehouse=s3%3A%2F%2Fany%2Fthing"));
    assertThat(config.get("endpoints"))
        .extracting(JsonNode::asText)
        .contains("GET /v1/config", "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}")
        .noneMatch(endpoint -> endpoint.startsWith("DELETE"))
        .filteredOn(endpoint -> endpoint.startsWith("POST"))
        .containsExactly("POST /v1/{prefix}/namespaces/{namespace}/tables/{table}/metrics");
    assertThat(config.get("defaults")).isEmpty();
    assertThat(config.get("overrides")).isEmpty();
  }

  @Test
  void theConfigurationOfAnObjectStoreSaysWhereItIsAndNoKey() throws Exception {
    S3Config s3 = S3Config.of(URI.create("http://127.0.0.1:9"), "an-access-key", "hunter2");
    LakeConfig config =
        LakeConfig.of("jdbc:sqlite:" + directory.resolve("other.db"), "s3://bucket/prefix", s3);
    try (Lake other = TempLake.open(config);
        ReadOnlyServer serving = new ReadOnlyServer(new RestCatalog(() -> other, () -> null))) {
      HttpResponse<String> response = send(serving, "GET", "/v1/config", Map.of());
      assertThat(response.body()).doesNotContain("hunter2").doesNotContain("an-access-key");
      assertThat(body(response).get("defaults"))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"s3.endpoint": "http://127.0.0.1:9", "s3.region": "us-east-1",
                   "client.region": "us-east-1", "s3.path-style-access": "true"}
                  """));
    }
  }

  @Test
  void aReaderSeesTheTablesOfItsTenantsOnly() throws Exception {
    server.tenants("acme"::equals);
    assertThat(client.listNamespaces()).containsExactly(Namespace.of("acme"));
    assertThat(client.namespaceExists(DEFAULT)).isFalse();
    assertThat(client.tableExists(TRACES)).isFalse();
    assertThat(client.tableExists(TableIdentifier.of("acme", "logs"))).isTrue();
    assertThatThrownBy(() -> client.loadTable(TRACES)).isInstanceOf(NoSuchTableException.class);
    assertThatThrownBy(() -> client.listTables(DEFAULT))
        .isInstanceOf(NoSuchNamespaceException.class);
    assertThat(send("GET", "/v1/namespaces?parent=default", Map.of()).statusCode()).isEqualTo(404);
    assertThat(send("GET", "/v1/namespaces/default", Map.of()).statusCode()).isEqualTo(404);
    assertThat(send("GET", "/v1/namespaces/default/views", Map.of()).statusCode()).isEqualTo(404);
  }

  @Test
  void aCatalogThatIsNotOpenIsUnavailableWithItsReason() throws Exception {
    RestCatalog away = new RestCatalog(() -> null, () -> "the catalog is away: no database");
    try (ReadOnlyServer none = new ReadOnlyServer(away)) {
      HttpResponse<String> response = send(none, "GET", "/v1/config", Map.of());
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("retry-after")).contains("1");
      assertThat(body(response).at("/error/type").asText())
          .isEqualTo("ServiceUnavailableException");
      assertThat(body(response).at("/error/message").asText())
          .isEqualTo("cannot read tables yet: the catalog is away: no database (ask again)");
      assertThat(send(none, "HEAD", "/v1/namespaces/default", Map.of()).statusCode())
          .isEqualTo(503);
      assertThat(send(none, "DELETE", "/v1/namespaces/default", Map.of()).statusCode())
          .as("refused, whether it is there or not")
          .isEqualTo(403);
    }
  }

  @Test
  void aStoreThatIsGoneIsUnavailableUntilItIsBack() throws Exception {
    String path = "/v1/namespaces/default/tables/traces";
    Files.move(directory.resolve("warehouse"), directory.resolve("gone"));
    assertThat(get(path).statusCode()).isEqualTo(503);
    assertThat(get("/v1/namespaces/default/tables").statusCode()).isEqualTo(200);
    Files.move(directory.resolve("gone"), directory.resolve("warehouse"));
    assertThat(get(path).statusCode()).isEqualTo(200);
    assertThat(server.answers())
        .extracting(RestAnswer::outcome)
        .endsWith("unavailable", "ok", "ok");
  }

  @Test
  void aDatabaseThatIsGoneIsUnavailableUntilItIsBackAndItsPasswordIsNotSaid() throws Exception {
    AtomicBoolean away = new AtomicBoolean();
    try (Lake other =
            Lake.open(
                TempLake.config(directory),
                Clock.systemUTC(),
                new ForcingFileIO(),
                (uri, properties) -> new AwayConnections(uri, properties, away),
                pause -> {});
        ReadOnlyServer serving = new ReadOnlyServer(new RestCatalog(() -> other, () -> null))) {
      for (String path :
          List.of(
              "/v1/namespaces",
              "/v1/namespaces/default/tables",
              "/v1/namespaces/default/tables/traces")) {
        away.set(true);
        HttpResponse<String> response = send(serving, "GET", path, Map.of());
        assertThat(response.statusCode()).as(path).isEqualTo(503);
        assertThat(response.body())
            .as(path)
            .contains("cannot ask the catalog")
            .doesNotContain("hunter2");
        away.set(false);
        assertThat(send(serving, "GET", path, Map.of()).statusCode()).as(path).isEqualTo(200);
      }
    }
  }

  private static final class AwayConnections extends UnrepeatingConnections {

    private final AtomicBoolean away;

    AwayConnections(String uri, Map<String, String> properties, AtomicBoolean away) {
      super(uri, properties);
      this.away = away;
    }

    @Override
    public <R> R run(ClientPool.Action<R, Connection, SQLException> action)
        throws SQLException, InterruptedException {
      if (away.get()) {
        throw new SQLException("no host at jdbc:postgresql://box/db?password=hunter2");
      }
      return super.run(action);
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, Map.of());
  }

  private HttpResponse<String> send(String method, String path, Map<String, String> headers)
      throws Exception {
    return send(server, method, path, headers);
  }

  private HttpResponse<String> send(
      ReadOnlyServer to, String method, String path, Map<String, String> headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(to.uri() + path))
            .method(method, HttpRequest.BodyPublishers.ofString("{}"));
    headers.forEach(request::header);
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode body(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }
}
