package io.sluice.schema.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.PortInUseException;
import io.sluice.schema.service.Telemetry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AdminServerTest {

  private static final BindAddress ADDRESS = BindAddress.parse("127.0.0.1");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Telemetry telemetry = new Telemetry("sluice-test");
  private AdminServer admin;

  @BeforeEach
  void open() throws IOException {
    admin = AdminServer.open(telemetry, ADDRESS, 0, "writer.admin.port");
  }

  @AfterEach
  void close() {
    admin.close();
    telemetry.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + admin.port() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  @Test
  void readinessFollowsTheService() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).isEqualTo("starting\n");
    admin.ready();
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    admin.draining();
    assertThat(get("/readyz").body()).isEqualTo("draining\n");
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
  }

  /** Clients of the catalog take a 404 for a table that is none. */
  @Test
  void pageThatIsNotThereYetIsToBeAskedForAgainUntilTheServiceHasStarted() throws Exception {
    HttpResponse<String> early = get("/");
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.body()).isEqualTo("starting: there is no such page yet (ask again)\n");
    assertThat(early.headers().firstValue("Retry-After")).contains("1");
    assertThat(early.headers().firstValue("Refresh")).as("of a browser").contains("1");
    admin.ready();
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/").headers().firstValue("Refresh")).isEmpty();
  }

  @Test
  void aCheckOfItsOwnIsMetWhenTheServiceIsReadyAndNothingIsWanting() throws Exception {
    AtomicReference<String> lacking = new AtomicReference<>("log 1: no leader is known");
    admin.check("replicas", lacking::get);
    assertThat(get("/readyz/replicas").body()).isEqualTo("starting\n");
    admin.ready();
    assertThat(get("/readyz/replicas").body()).isEqualTo("log 1: no leader is known\n");
    assertThat(get("/readyz/replicas").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    lacking.set(null);
    assertThat(get("/readyz/replicas").statusCode()).isEqualTo(200);
    admin.draining();
    assertThat(get("/readyz/replicas").statusCode()).isEqualTo(503);
  }

  @Test
  void metricsShowCountersByAttributesAndGaugesAsTheyAre() throws Exception {
    Attributes traces =
        Attributes.builder().put("tenant", "default").put("table", "traces").build();
    Attributes logs = Attributes.builder().put("tenant", "default").put("table", "logs").build();
    telemetry.counter("sluice.records.taken", traces).add(3);
    telemetry.counter("sluice.records.taken", traces).add(4);
    telemetry.counter("sluice.records.taken", logs).increment();
    telemetry.gauge("sluice.acceptor.inflight", Attributes.empty(), () -> 42);
    HttpResponse<String> page = get("/metrics");
    assertThat(page.headers().firstValue("content-type").orElseThrow()).contains("text/plain");
    assertThat(page.body().lines())
        .anyMatch(l -> l.matches("sluice_records_taken_total\\{.*table=\"traces\".*} 7\\.0"))
        .anyMatch(l -> l.matches("sluice_records_taken_total\\{.*table=\"logs\".*} 1\\.0"))
        .anyMatch(l -> l.matches("sluice_acceptor_inflight_bytes(\\{.*})? 42\\.0"));
  }

  @Test
  void statusIsJsonAndPagesCanBeAdded() throws Exception {
    admin.status(out -> out.writeNumberField("rows", 7));
    admin.handle(
        "/v1/config",
        request -> new AdminAnswer(200, "text/plain", new byte[] {'o', 'k'}, Map.of()));
    assertThat(get("/status").body()).isEqualTo("{\"state\":\"starting\",\"rows\":7}");
    assertThat(get("/v1/config").body()).isEqualTo("ok");
  }

  @Test
  void pageThatFailsIs500AndTheNextIsAnswered() throws Exception {
    admin.status(
        out -> {
          throw new IllegalStateException("broken");
        });
    assertThat(get("/status").statusCode()).isEqualTo(500);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void slowClientsDoNotStopTheOthersAndAreCutOff() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        Socket socket = new Socket("127.0.0.1", admin.port());
        slow.add(socket);
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write("GET /li".getBytes(StandardCharsets.US_ASCII));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
      }
      for (Socket socket : slow) {
        assertThat(socket.getInputStream().read()).describedAs("the end").isEqualTo(-1);
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void busyPortSaysWhatMovesIt() {
    assertThatThrownBy(
            () -> AdminServer.open(telemetry, ADDRESS, admin.port(), "writer.admin.port"))
        .isInstanceOf(PortInUseException.class)
        .hasMessageContaining(":" + admin.port())
        .hasMessageContaining("--writer.admin.port or SLUICE_WRITER_ADMIN_PORT");
  }
}
