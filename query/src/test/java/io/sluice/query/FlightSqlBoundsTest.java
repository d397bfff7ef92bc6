package io.sluice.query;

import static io.sluice.query.SqlEndpoint.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.CancelStatus;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask the SQL endpoint for what, and for how much. */
final class FlightSqlBoundsTest {

  private static final String SHOP = "shop-token-of-32-characters-00001";
  private static final String TOYS = "toys-token-of-32-characters-00001";
  private static final String WRITES = "writer-token-of-32-characters-001";
  private static final String ALL = "all-token-of-32-characters-000001";
  private static final String LONG = "SELECT count(*) FROM range(100000000) a, range(1000000) b";

  @TempDir private Path directory;

  private String tokens() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("access.yaml"),
            """
            tokens:
              - {name: shop, token: %s, tenant: default, scopes: [read]}
              - {name: toys, token: %s, tenant: toys, scopes: [read]}
              - {name: writes, token: %s, tenant: default, scopes: [write]}
              - {name: all, token: %s, tenant: "*", scopes: [read]}
            """
                .formatted(SHOP, TOYS, WRITES, ALL));
    return "--access.file=" + file;
  }

  @Test
  void aTokenReachesItsTenantOnly() throws Exception {
    try (SqlEndpoint endpoint = new SqlEndpoint(directory, tokens())) {
      endpoint.reading.lake.ensureTables("toys");
      endpoint.reading.persist(Table.LOGS, 0, 1, List.of(Map.of("time", TestRows.NOON)));
      try (Connection shop = endpoint.connectAs(SHOP);
          Connection toys = endpoint.connectAs(TOYS);
          Connection all = endpoint.connectAs(ALL)) {
        assertThat(rows(shop, "SELECT count(*) FROM logs")).isEqualTo("1\n");
        assertThat(rows(toys, "SELECT count(*) FROM logs")).isEqualTo("0\n");
        assertThat(rows(all, "SELECT count(*) FROM logs")).isEqualTo("1\n");
        assertThat(rows(all, "SELECT count(*) FROM toys.logs")).isEqualTo("0\n");
        assertThatThrownBy(() -> rows(toys, "SELECT count(*) FROM \"default\".logs"))
            .hasMessageContaining("you may read tables of tenant toys only");
        assertThat(schemas(toys)).isEqualTo("toys,");
        assertThat(schemas(all)).isEqualTo("default,toys,");
      }
    }
  }

  private static String schemas(Connection connection) throws Exception {
    StringBuilder names = new StringBuilder();
    try (ResultSet found = connection.getMetaData().getSchemas()) {
      while (found.next()) {
        names.append(found.getString("TABLE_SCHEM")).append(',');
      }
    }
    return names.toString();
  }

  @Test
  void whoHasNoTokenToReadIsKeptOut() throws Exception {
    try (SqlEndpoint endpoint = new SqlEndpoint(directory, tokens())) {
      try (Connection nobody = endpoint.connect()) {
        assertThatThrownBy(() -> rows(nobody, "SELECT 1"))
            .hasMessageContaining("cannot tell who calls");
      }
      assertThatThrownBy(() -> endpoint.connectAs("another-token-of-32-characters-01"))
          .hasMessageContaining("the token is not known");
      assertThatThrownBy(() -> endpoint.connectAs(WRITES)).hasMessageContaining("scope read");
      Properties bearer = new Properties();
      bearer.setProperty("token", SHOP);
      try (Connection shop = endpoint.connect(bearer)) {
        assertThat(rows(shop, "SELECT 1")).isEqualTo("1\n");
      }
    }
  }

  @Test
  void oneStatementTooManyIsRefused() throws Exception {
    try (SqlEndpoint endpoint = new SqlEndpoint(directory, "--flight-sql.max-statements=1");
        Connection one = endpoint.connect();
        Statement statement = one.createStatement();
        Connection two = endpoint.connect()) {
      try (ResultSet found = statement.executeQuery("SELECT * FROM range(100000000000)")) {
        assertThat(found.next()).isTrue();
        assertThatThrownBy(() -> rows(two, "SELECT 1"))
            .hasMessageContaining("cannot run: 1 statements run already");
      }
      endpoint.awaitIdle();
      assertThat(rows(two, "SELECT 1")).isEqualTo("1\n");
    }
  }

  @Test
  void oneCallerLeavesStatementsToOthers() throws Exception {
    try (SqlEndpoint endpoint =
            new SqlEndpoint(directory, tokens(), "--flight-sql.max-statements-per-caller=1");
        FlightSqlClient client = client(endpoint)) {
      FlightInfo first = client.execute("SELECT 1", bearer(SHOP));
      assertThatThrownBy(() -> client.execute("SELECT 1", bearer(SHOP)))
          .hasMessageContaining("1 statements of yours run already");
      FlightInfo of = client.execute("SELECT 1", bearer(TOYS));
      assertThat(read(client, of, TOYS)).isEqualTo(1);
      assertThat(read(client, first, SHOP)).isEqualTo(1);
      endpoint.awaitIdle();
      assertThat(read(client, client.execute("SELECT 1", bearer(SHOP)), SHOP)).isEqualTo(1);
    }
  }

  @Test
  void aHeaderNamesTheTenantToWhomItMay() throws Exception {
    try (SqlEndpoint endpoint = new SqlEndpoint(directory, tokens())) {
      endpoint.reading.lake.ensureTables("toys");
      endpoint.reading.persist(Table.LOGS, 0, 1, List.of(Map.of("time", TestRows.NOON)));
      try (Connection toys = endpoint.connect(of(ALL, "toys"));
          Connection own = endpoint.connect(of(ALL, "default"))) {
        assertThat(rows(toys, "SELECT count(*) FROM logs")).isEqualTo("0\n");
        assertThat(rows(own, "SELECT count(*) FROM logs")).isEqualTo("1\n");
      }
      assertThatThrownBy(() -> endpoint.connect(of(SHOP, "toys")))
          .hasMessageContaining("the token is not of the tenant");
      assertThatThrownBy(() -> endpoint.connect(of(ALL, "default,toys")))
          .hasMessageContaining("several values of X-Scope-OrgID");
      assertThatThrownBy(() -> endpoint.connect(of(ALL, "../toys")))
          .hasMessageContaining("no tenant's id");
    }
  }

  private static Properties of(String token, String tenant) {
    Properties properties = new Properties();
    properties.setProperty("user", "anybody");
    properties.setProperty("password", token);
    properties.setProperty("x-scope-orgid", tenant);
    return properties;
  }

  @Test
  void aStatementThatTakesTooLongIsEnded() throws Exception {
    try (SqlEndpoint endpoint = new SqlEndpoint(directory, "--flight-sql.max-time=1s");
        FlightSqlClient client = client(endpoint)) {
      assertThatThrownBy(() -> client.execute(LONG)).hasMessageContaining("longer than 1 s");
      endpoint.awaitIdle();
    }
  }

  @Test
  void aStatementThatTakesTooMuchMemoryIsEnded() throws Exception {
    try (SqlEndpoint endpoint =
            new SqlEndpoint(
                directory,
                "--flight-sql.statement-memory=32MiB",
                "--flight-sql.statement-disk=1MiB");
        Connection connection = endpoint.connect()) {
      for (String sql :
          List.of(
              "SELECT count(*) FROM (SELECT DISTINCT * FROM range(50000000))",
              "SELECT * FROM range(50000000) ORDER BY hash(range)",
              "SELECT repeat('x', 1000000) FROM range(100)")) {
        assertThatThrownBy(() -> rows(connection, sql))
            .as(sql)
            .hasMessageContaining("cannot run: the statement needs more memory")
            .hasMessageContaining("raise flight-sql.statement-memory");
        endpoint.awaitIdle();
      }
      assertThat(rows(connection, "SELECT 1")).isEqualTo("1\n");
    }
  }

  @Test
  void whoGivesUpACallEndsTheStatement() throws Exception {
    try (SqlEndpoint endpoint = new SqlEndpoint(directory);
        FlightSqlClient client = client(endpoint)) {
      assertThatThrownBy(
              () -> client.execute(LONG, CallOptions.timeout(500, TimeUnit.MILLISECONDS)))
          .isInstanceOf(FlightRuntimeException.class);
      endpoint.awaitIdle();
    }
  }

  @Test
  void aStatementIsItsCallersAlone() throws Exception {
    try (SqlEndpoint endpoint = new SqlEndpoint(directory, tokens());
        FlightSqlClient client = client(endpoint)) {
      endpoint.reading.lake.ensureTables("toys");
      FlightInfo begun = client.execute("SELECT 1", bearer(SHOP));
      CancelFlightInfoRequest cancel = new CancelFlightInfoRequest(begun);
      assertCode(() -> read(client, begun, TOYS), FlightStatusCode.NOT_FOUND);
      assertCode(() -> client.cancelFlightInfo(cancel, bearer(TOYS)), FlightStatusCode.NOT_FOUND);
      assertThat(read(client, begun, SHOP)).isEqualTo(1);
      assertCode(() -> read(client, begun, SHOP), FlightStatusCode.NOT_FOUND);
      FlightInfo second = client.execute("SELECT 1", bearer(SHOP));
      assertThat(
              client
                  .cancelFlightInfo(new CancelFlightInfoRequest(second), bearer(SHOP))
                  .getStatus())
          .isEqualTo(CancelStatus.CANCELLED);
      endpoint.awaitIdle();
      assertCode(() -> read(client, second, SHOP), FlightStatusCode.NOT_FOUND);
    }
  }

  private static CredentialCallOption bearer(String token) {
    return new CredentialCallOption(headers -> headers.insert("authorization", "Bearer " + token));
  }

  private static int read(FlightSqlClient client, FlightInfo info, String token) throws Exception {
    int rows = 0;
    try (FlightStream stream =
        client.getStream(info.getEndpoints().get(0).getTicket(), bearer(token))) {
      while (stream.next()) {
        rows += stream.getRoot().getRowCount();
      }
    }
    return rows;
  }

  private static void assertCode(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, FlightStatusCode code) {
    assertThatThrownBy(call)
        .asInstanceOf(InstanceOfAssertFactories.type(FlightRuntimeException.class))
        .extracting(e -> e.status().code())
        .isEqualTo(code);
  }

  private static FlightSqlClient client(SqlEndpoint endpoint) {
    return new FlightSqlClient(
        FlightClient.builder(
                endpoint.reading.allocator,
                Location.forGrpcInsecure("127.0.0.1", endpoint.service.port()))
            .build());
  }
}
