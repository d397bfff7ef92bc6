package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.RetryInfo;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose records requests are, and how many of them. */
class AcceptorTenantTest {

  /** No request is to end for want of time. */
  private static final String PATIENT = "--otlp.http.patience=30s";

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private FakeWriter writer;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
  }

  @AfterEach
  void stop() {
    writer.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(RunningAcceptor acceptor, int spans, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(acceptor.http("/v1/traces"))
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(spans(spans, 1).toByteArray()));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void theSameRequestOfTwoTenantsIsTwoRequestsAndEachHasItsLedger() throws Exception {
    try (RunningAcceptor acceptor =
        new RunningAcceptor(writer, PATIENT, "--tenants.from-header=true")) {
      assertThat(post(acceptor, 2).statusCode()).isEqualTo(200);
      assertThat(post(acceptor, 2, "X-Scope-OrgID", "shop").statusCode()).isEqualTo(200);
      assertThat(writer.storedRows()).isEqualTo(4);
      assertThat(acceptor.metric("sluice_acceptor_records_taken_total", "tenant=\"shop\""))
          .isEqualTo(2);
      assertThat(acceptor.metric("sluice_acceptor_records_taken_total", "tenant=\"default\""))
          .isEqualTo(2);
    }
  }

  /** Nor does one that brings a request in which there is nothing. */
  @Test
  void aTenantThatIsOnlyNamedTakesNobodysPlace() throws Exception {
    try (RunningAcceptor acceptor =
        new RunningAcceptor(writer, PATIENT, "--tenants.from-header=true", "--tenants.max=2")) {
      for (String name : List.of("x", "y", "z")) {
        HttpRequest.Builder broken =
            HttpRequest.newBuilder(acceptor.http("/v1/traces"))
                .header("Content-Type", "application/x-protobuf")
                .header("X-Scope-OrgID", name)
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {1, 2, 3}));
        assertThat(send(broken).statusCode()).isEqualTo(400);
        assertThat(send(broken.POST(HttpRequest.BodyPublishers.noBody())).statusCode())
            .isEqualTo(200);
      }
      assertThat(post(acceptor, 1, "X-Scope-OrgID", "one").statusCode()).isEqualTo(200);
      assertThat(post(acceptor, 1, "X-Scope-OrgID", "x").statusCode()).isEqualTo(403);
      assertThat(post(acceptor, 1, "X-Scope-OrgID", "one").statusCode()).isEqualTo(200);
      assertThat(acceptor.admin("/metrics")).doesNotContain("tenant=\"x\"");
    }
  }

  @Test
  void tenantsOfTheAccessFileAreTakenHoweverManyOthersThereAre() throws Exception {
    try (RunningAcceptor acceptor =
        new RunningAcceptor(
            writer,
            PATIENT,
            "--tenants.max=2",
            "--access.file=" + tokens(),
            "--data=" + directory.resolve("data"))) {
      String[] gateway = {"Authorization", "Bearer token-of-a-gateway", "X-Scope-OrgID", "any"};
      assertThat(post(acceptor, 1, gateway).statusCode()).isEqualTo(200);
      gateway[3] = "another";
      assertThat(post(acceptor, 1, gateway).statusCode()).isEqualTo(403);
      assertThat(post(acceptor, 1, "Authorization", "Bearer token-of-the-shop").statusCode())
          .isEqualTo(200);
    }
  }

  private Path tokens() throws Exception {
    return Files.writeString(
        directory.resolve("access.yaml"),
        """
        tokens:
          - {name: shop, token: token-of-the-shop, tenant: shop, scopes: [write]}
          - {name: gateway, token: token-of-a-gateway, tenant: "*", scopes: [write]}
        """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Authorization | Bearer token-of-a-gateway | Bearer token-of-the-shop",
        "Authorization | Bearer token-of-the-shop | Bearer token-of-the-shop",
        "Authorization | Bearer token-of-a-gateway, Bearer token-of-the-shop | ",
        "Authorization | Basic eDp0b2tlbi1vZi1hLWdhdGV3YXk=,bearer token-of-the-shop | ",
        "X-Scope-OrgID | shop | other",
        "X-Scope-OrgID | shop | shop",
        "X-Scope-OrgID | shop,other | ",
      })
  void whoIsNamedTwiceIsNobody(String name, String one, String other) throws Exception {
    try (RunningAcceptor acceptor =
        new RunningAcceptor(
            writer, PATIENT, "--access.file=" + tokens(), "--data=" + directory.resolve("data"))) {
      List<String> headers = new ArrayList<>(List.of(name, one));
      Metadata metadata = new Metadata();
      Metadata.Key<String> key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
      metadata.put(key, one);
      if (other != null) {
        headers.addAll(List.of(name, other));
        metadata.put(key, other);
      }
      if (!name.equals("Authorization")) {
        headers.addAll(List.of("Authorization", "Bearer token-of-a-gateway"));
        metadata.put(
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
            "Bearer token-of-a-gateway");
      }
      HttpResponse<String> answer = post(acceptor, 1, headers.toArray(new String[0]));
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("several values of " + name + " (send one)");
      ManagedChannel channel = acceptor.channel();
      try {
        StatusRuntimeException e = refused(channel, metadata);
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(e.getStatus().getDescription())
            .contains("several values of " + name + " (send one)");
      } finally {
        channel.shutdownNow();
      }
      assertThat(writer.storedRows()).isZero();
    }
  }

  private static StatusRuntimeException refused(ManagedChannel channel, Metadata headers) {
    return catchThrowableOfType(
        StatusRuntimeException.class,
        () ->
            TraceServiceGrpc.newBlockingStub(
                    ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(headers)))
                .export(spans(1, 1)));
  }

  /** Whoever may not send costs a head, whatever it says of the body that it does not send. */
  @ParameterizedTest
  @CsvSource({
    "Transfer-Encoding: chunked, '', 401",
    "Transfer-Encoding: chunked, token-of-the-shop, 403",
    "Content-Length: 2000000, '', 401",
    "Content-Length: 2000000, token-of-the-shop, 403"
  })
  void theBodyOfADeniedRequestIsNotReadAndTheConnectionEnds(String length, String token, int status)
      throws Exception {
    try (RunningAcceptor acceptor =
            new RunningAcceptor(
                writer,
                PATIENT,
                "--access.file=" + tokens(),
                "--data=" + directory.resolve("data"));
        RawConnection raw = new RawConnection(acceptor.service().httpPort())) {
      raw.socket().setSoTimeout(30_000); // a body that is waited for has 60 s
      String shown = token.isEmpty() ? "" : "Authorization: Bearer " + token + "\n";
      raw.send(
          ("POST /v1/traces HTTP/1.1\nHost: x\nContent-Type: application/x-protobuf\n%s"
                  + "X-Scope-OrgID: other\n%s\n\n")
              .formatted(shown, length));
      RawConnection.Answer answer = raw.answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("connection")).hasValue("close");
      assertThat(raw.rest()).isEmpty();
    }
  }

  @Test
  void oneTenantMoreThanMayBeIsRefusedAndTheOthersGoOn() throws Exception {
    try (RunningAcceptor acceptor =
        new RunningAcceptor(writer, PATIENT, "--tenants.from-header=true", "--tenants.max=2")) {
      assertThat(post(acceptor, 1, "X-Scope-OrgID", "one").statusCode()).isEqualTo(200);
      HttpResponse<String> refused = post(acceptor, 1, "X-Scope-OrgID", "two");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("raise tenants.max");
      assertThat(post(acceptor, 1, "X-Scope-OrgID", "one").statusCode()).isEqualTo(200);
      assertThat(post(acceptor, 1, "X-Scope-OrgID", "../x").statusCode()).isEqualTo(403);
      assertThat(post(acceptor, 1).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void limitsOfAllTenantsAreSettingsAndWhatTheyRefuseIsCounted() throws Exception {
    try (RunningAcceptor acceptor =
        new RunningAcceptor(writer, PATIENT, "--tenants.bytes-per-second=1KiB")) {
      assertThat(post(acceptor, 10_000).statusCode()).isEqualTo(200);
      assertThat(post(acceptor, 1).statusCode()).isEqualTo(429);
      assertThat(acceptor.metric("sluice_acceptor_tenant_limited_total", "tenant=\"default\""))
          .isEqualTo(1);
    }
  }

  @Test
  void whoHasSentAsMuchAsItMayIsToldWhenToComeAgainAndOthersAreTaken() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("access.yaml"),
            """
            tokens:
              - {name: shop, token: token-of-the-shop, tenant: shop, scopes: [write]}
              - {name: other, token: token-of-another, tenant: other, scopes: [write]}
            tenants:
              shop: {records-per-second: 10}
            """);
    try (RunningAcceptor acceptor =
        new RunningAcceptor(
            writer, PATIENT, "--access.file=" + file, "--data=" + directory.resolve("data"))) {
      String shop = "Bearer token-of-the-shop";
      assertThat(post(acceptor, 100_000, "Authorization", shop).statusCode()).isEqualTo(200);
      HttpResponse<String> refused = post(acceptor, 1, "Authorization", shop);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValueAsLong("retry-after").getAsLong()).isBetween(1L, 5L);
      assertThat(refused.body()).contains("10 records a second");

      Metadata headers = new Metadata();
      headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), shop);
      ManagedChannel channel = acceptor.channel();
      try {
        StatusRuntimeException e = refused(channel, headers);
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        RetryInfo hint =
            e.getTrailers().get(ProtoUtils.keyForProto(RetryInfo.getDefaultInstance()));
        assertThat(hint.getRetryDelay().getSeconds()).isBetween(1L, 5L);
      } finally {
        channel.shutdownNow();
      }
      String other = "Bearer token-of-another";
      assertThat(post(acceptor, 100, "Authorization", other).statusCode()).isEqualTo(200);
      assertThat(writer.storedRows()).isEqualTo(100_100);
    }
  }
}
