package io.sluice.bench.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.InsecureChannelCredentials;
import io.sluice.schema.security.Tls;
import io.sluice.schema.security.TlsFile;
import io.sluice.schema.security.TlsFiles;
import io.sluice.schema.security.TrialAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every door, by every caller, over every kind of connection. */
final class AccessMatrixTest {

  private static final String TOKENS =
      """
      tokens:
        - {name: other, token: token-of-another-tenant, tenant: other, scopes: [write, read, admin]}
        - {name: reader, token: token-of-a-reader, tenant: shop, scopes: [read]}
        - {name: writer, token: token-of-a-writer, tenant: shop, scopes: [write]}
        - {name: admin, token: token-of-an-admin, tenant: shop, scopes: [admin]}
        - {name: operator, token: token-of-an-operator, tenant: "*", scopes: [admin]}
        - {name: right, token: token-of-all-scopes, tenant: shop, scopes: [write, read, admin]}
      """;

  /** What each is told, whatever it is reached by. */
  private static final String ANSWERS =
      """
                         none wrong other reader writer admin operator right service
      OTLP_GRPC          401  401   403   403    ok     403   403      ok    ok
      OTLP_GRPC_LOGS          401  401   403   403    ok     403   403      ok    ok
      OTLP_GRPC_METRICS          401  401   403   403    ok     403   403      ok    ok
      OTLP_GRPC_PROFILES          401  401   403   403    ok     403   403      ok    ok
      OTLP_HTTP          401  401   403   403    ok     403   403      ok    ok
      OTLP_HTTP_LOGS          401  401   403   403    ok     403   403      ok    ok
      OTLP_HTTP_METRICS          401  401   403   403    ok     403   403      ok    ok
      OTLP_HTTP_PROFILES          401  401   403   403    ok     403   403      ok    ok
      DO_GET             401  401   403   ok     403    403   403      ok    ok
      FLIGHT_INFO        401  401   403   ok     403    403   403      ok    ok
      LIST_FLIGHTS       401  401   403   ok     403    403   403      ok    ok
      ACTION_LOGS        401  401   ok    ok     403    ok    ok       ok    ok
      ACTION_STATUS      401  401   403   403    403    403   ok       403   ok
      ACTION_FLUSH       401  401   403   403    403    ok    ok       ok    ok
      ACTION_FLUSH_ALL   401  401   403   403    403    403   ok       403   ok
      ACTION_UNPARK      401  401   403   403    403    ok    ok       ok    ok
      ACTION_HOLD        401  401   403   403    403    403   ok       403   ok
      ACTION_MEMBERS     401  401   403   403    403    403   ok       403   ok
      ACTION_JOIN        401  401   403   403    403    403   403      403   ok
      DO_PUT             401  401   403   403    403    403   403      403   ok
      CATALOG_CONFIG     401  401   ok    ok     403    403   403      ok    ok
      CATALOG_TABLES     401  401   404   ok     403    403   403      ok    ok
      WRITER_METRICS     401  401   403   403    403    403   ok       403   ok
      WRITER_STATUS      401  401   403   403    403    403   ok       403   ok
      WRITER_PAGE        401  401   403   403    403    403   ok       403   ok
      WRITER_EVENTS      401  401   403   403    403    403   ok       403   ok
      ACCEPTOR_PAGE      401  401   403   403    403    403   ok       403   ok
      ACCEPTOR_EVENTS    401  401   403   403    403    403   ok       403   ok
      ACCEPTOR_METRICS   401  401   403   403    403    403   ok       403   ok
      ACCEPTOR_STATUS    401  401   403   403    403    403   ok       403   ok
      LIVEZ              ok   ok    ok    ok     ok     ok    ok       ok    ok
      READYZ             ok   ok    ok    ok     ok     ok    ok       ok    ok
      """;

  @TempDir private static Path certificates;
  @TempDir private Path data;

  enum Connections {
    PLAIN,
    TLS,
    MUTUAL_TLS
  }

  @BeforeAll
  static void makeCertificates() throws Exception {
    TrialAuthority authority = TrialAuthority.in(certificates.resolve("ca.p12"));
    Files.writeString(certificates.resolve("ca.crt"), authority.certificate());
    for (String name : List.of("server", "client")) {
      TrialAuthority.Issued issued = authority.issue(name, "EC", List.of("127.0.0.1"));
      Files.writeString(certificates.resolve(name + ".crt"), issued.certificate());
      Files.writeString(certificates.resolve(name + ".key"), issued.key());
    }
  }

  private static List<String> flags(Connections connections) {
    List<String> flags = new ArrayList<>();
    if (connections != Connections.PLAIN) {
      flags.add("--tls.certificate=" + certificates.resolve("server.crt"));
      flags.add("--tls.key=" + certificates.resolve("server.key"));
      flags.add("--tls.ca=" + certificates.resolve("ca.crt"));
    }
    if (connections == Connections.MUTUAL_TLS) {
      flags.add("--tls.client-certificates=true");
      flags.add("--otlp.tls.client-ca=" + certificates.resolve("ca.crt"));
    }
    return flags;
  }

  private static TlsFile file(String name) {
    return new TlsFile(name, certificates.resolve(name));
  }

  private static Transport client(Connections connections) throws Exception {
    TlsFiles files =
        connections == Connections.MUTUAL_TLS
            ? new TlsFiles(file("client.crt"), file("client.key"), file("ca.crt"))
            : new TlsFiles(null, null, file("ca.crt"));
    if (connections == Connections.PLAIN) {
      return new Transport(InsecureChannelCredentials.create(), null);
    }
    Tls tls = Tls.read(files);
    return new Transport(tls.client(), tls.context());
  }

  @ParameterizedTest
  @EnumSource(Connections.class)
  void everyDoorTellsEveryCallerWhatItMay(Connections connections) throws Exception {
    Path file = Files.writeString(data.resolve("access.yaml"), TOKENS);
    List<String> flags = new ArrayList<>(flags(connections));
    flags.add("--access.file=" + file);
    Transport transport = client(connections);
    try (SecuredSluice sluice = new SecuredSluice(data, flags);
        BufferAllocator allocator = new RootAllocator()) {
      String service = Files.readString(data.resolve("service-token")).strip();
      List<Caller> callers = callers(service);
      Door.Asking first = new Door.Asking(transport, service, allocator);
      assertThat(Door.OTLP_HTTP.ask(sluice, first)).isEqualTo("ok"); // so that the tenant is there
      assertThat(Door.ACTION_FLUSH.ask(sluice, first)).isEqualTo("ok");
      assertThat(answers(sluice, transport, callers, allocator)).isEqualTo(words(ANSWERS));
    }
  }

  private record Caller(String name, String token) {}

  private static List<Caller> callers(String service) {
    return List.of(
        new Caller("none", null),
        new Caller("wrong", "token-that-nobody-knows"),
        new Caller("other", "token-of-another-tenant"),
        new Caller("reader", "token-of-a-reader"),
        new Caller("writer", "token-of-a-writer"),
        new Caller("admin", "token-of-an-admin"),
        new Caller("operator", "token-of-an-operator"),
        new Caller("right", "token-of-all-scopes"),
        new Caller("service", service));
  }

  private static String answers(
      SecuredSluice sluice, Transport transport, List<Caller> callers, BufferAllocator allocator)
      throws Exception {
    StringJoiner table = new StringJoiner("\n");
    StringJoiner head = new StringJoiner(" ");
    callers.forEach(caller -> head.add(caller.name));
    table.add(head.toString());
    for (Door door : Door.values()) {
      StringJoiner line = new StringJoiner(" ").add(door.name());
      for (Caller caller : callers) {
        line.add(door.ask(sluice, new Door.Asking(transport, caller.token, allocator)));
      }
      table.add(line.toString());
    }
    return table.toString();
  }

  private static String words(String table) {
    return table.strip().replaceAll("[ ]+", " ");
  }

  @ParameterizedTest
  @EnumSource(value = Connections.class, names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
  void whoComesByAnotherKindOfConnectionReachesNothing(Connections connections) throws Exception {
    Transport lesser = client(connections == Connections.TLS ? Connections.PLAIN : Connections.TLS);
    try (SecuredSluice sluice = new SecuredSluice(data, flags(connections));
        BufferAllocator allocator = new RootAllocator()) {
      for (Door door : Door.values()) {
        assertThatThrownBy(() -> refused(door, sluice, lesser, allocator))
            .as(door.name())
            .isInstanceOf(Exception.class);
      }
    }
  }

  /** Jetty tells a plain client so, which is an answer of a kind. */
  private static void refused(
      Door door, SecuredSluice sluice, Transport transport, BufferAllocator allocator)
      throws Exception {
    String answer = door.ask(sluice, new Door.Asking(transport, null, allocator));
    if (!answer.equals("ok")) {
      throw new IllegalStateException(answer.toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void aCallThatBringsNoRecordsIsSmallOrEnds() throws Exception {
    try (SecuredSluice sluice = new SecuredSluice(data, List.of());
        BufferAllocator allocator = new RootAllocator();
        FlightClient client =
            FlightClient.builder(
                    allocator, Location.forGrpcInsecure("127.0.0.1", sluice.flight().port()))
                .build()) {
      assertThatThrownBy(() -> answer(client, new byte[64 << 20]))
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e ->
                  assertThat(e.status().code())
                      .isIn(FlightStatusCode.RESOURCE_EXHAUSTED, FlightStatusCode.CANCELLED));
      assertThat(answer(client, new byte[100])).isNotEmpty();
    }
  }

  private static byte[] answer(FlightClient client, byte[] body) {
    return client.doAction(new Action("logs", body)).next().getBody();
  }

  @Test
  void withoutTokensAllIsOpenAndTheHeaderOfTheTenantIsNotLookedAt() throws Exception {
    try (SecuredSluice sluice = new SecuredSluice(data, List.of());
        BufferAllocator allocator = new RootAllocator()) {
      Transport plain = client(Connections.PLAIN);
      for (Door door : Door.values()) {
        String expected =
            switch (door) {
              case CATALOG_TABLES -> "404"; // the records were the default tenant's
              case LIST_FLIGHTS -> "403"; // and so it is not shown
              default -> "ok";
            };
        assertThat(door.ask(sluice, new Door.Asking(plain, null, allocator)))
            .as(door.name())
            .isEqualTo(expected);
      }
    }
  }
}
