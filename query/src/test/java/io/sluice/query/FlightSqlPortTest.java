package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.security.TrialAuthority;
import io.sluice.schema.service.KnownMetrics;
import io.sluice.schema.service.Metric;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SQL endpoint's port is looked at as a Writer's Flight port is. */
final class FlightSqlPortTest {

  private static final int MOST_SECONDS = 60;
  private static final int PRIORITY = 2;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;

  @TempDir private Path directory;

  @Test
  void whoSendsFramesThatAskForNothingIsCut() throws Exception {
    try (SqlEndpoint endpoint = new SqlEndpoint(directory);
        Socket socket = deaf(endpoint)) {
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      frames.writeBytes(opening());
      for (int i = 0; i < 2_000; i++) {
        frames.writeBytes(frame(PRIORITY, 0, 1, new byte[] {0, 0, 0, 0, 1}));
      }
      socket.getOutputStream().write(frames.toByteArray());
      awaitClosed(socket);
      assertThat(metric(endpoint, "sluice_flightsql_connections_flooding_total")).isEqualTo(1);
      assertIsServed(endpoint);
    }
  }

  /** As a driver is told of an authority of one's own. */
  @Test
  void itSpeaksTlsAndNothingElseWithACertificate() throws Exception {
    TrialAuthority authority = TrialAuthority.in(directory.resolve("ca.p12"));
    TrialAuthority.Issued own = authority.issue("own", "EC", List.of("127.0.0.1"));
    Path root = Files.writeString(directory.resolve("ca.crt"), authority.certificate());
    Path certificate = Files.writeString(directory.resolve("own.crt"), own.certificate());
    Path key = Files.writeString(directory.resolve("own.key"), own.key());
    try (SqlEndpoint endpoint =
        new SqlEndpoint(
            directory,
            "--tls.certificate=" + certificate,
            "--tls.key=" + key,
            "--tls.ca=" + root)) {
      Properties properties = new Properties();
      properties.setProperty("tlsRootCerts", root.toString());
      String address = "jdbc:arrow-flight-sql://127.0.0.1:" + endpoint.service.port() + "/";
      try (Connection connection = DriverManager.getConnection(address, properties)) {
        assertThat(SqlEndpoint.rows(connection, "SELECT 1")).isEqualTo("1\n");
      }
      assertThatThrownBy(() -> ask(DriverManager.getConnection(address, new Properties())))
          .as("who does not know the authority")
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> ask(endpoint.connect()))
          .as("plain")
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void itExportsWhatIsListedOfIt() throws Exception {
    try (SqlEndpoint endpoint = new SqlEndpoint(directory)) {
      assertIsServed(endpoint);
      String page = page(endpoint);
      for (Metric metric : KnownMetrics.all().values()) {
        if (metric.section().equals("Flight SQL endpoint")) {
          assertThat(page).contains("\n" + metric.prometheus());
        }
      }
      assertThat(page).contains("\nprocess_uptime_seconds");
    }
  }

  /** Refusals are heads, which no window holds back: each is of its path, each % as %25. */
  @Test
  void whoAsksAndReadsNothingIsNotReadOn() throws Exception {
    try (SqlEndpoint endpoint = new SqlEndpoint(directory);
        Socket socket = deaf(endpoint)) {
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      frames.writeBytes(opening());
      for (int i = 0; i < 250; i++) {
        frames.writeBytes(frame(HEADERS, 5, 2 * i + 1, head("/none/" + i + "%".repeat(15_000))));
      }
      CompletableFuture<Void> asking =
          CompletableFuture.runAsync(
              () -> {
                try {
                  socket.getOutputStream().write(frames.toByteArray());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
      while (metric(endpoint, "sluice_flightsql_connections_paused_total") == 0) {
        assertThat(System.nanoTime()).as("not paused").isLessThan(end);
        LockSupport.parkNanos(1_000_000);
      }
      assertIsServed(endpoint);
      while (!asking.isDone()) { // it reads, and so is read on
        assertThat(socket.getInputStream().read(new byte[1 << 16])).isPositive();
      }
      asking.get(MOST_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** The driver connects when it has something to ask. */
  private static void ask(Connection of) throws SQLException {
    try (Connection connection = of) {
      SqlEndpoint.rows(connection, "SELECT 1");
    }
  }

  private static void assertIsServed(SqlEndpoint endpoint) throws Exception {
    try (Connection connection = endpoint.connect()) {
      assertThat(SqlEndpoint.rows(connection, "SELECT 1")).isEqualTo("1\n");
    }
  }

  private static Socket deaf(SqlEndpoint endpoint) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(256 << 10); // set, it does not grow to what the system likes
    socket.connect(new InetSocketAddress("127.0.0.1", endpoint.service.port()));
    socket.setSoTimeout(MOST_SECONDS * 1_000);
    return socket;
  }

  private static void awaitClosed(Socket socket) throws IOException {
    try {
      while (socket.getInputStream().read() >= 0) {
        continue;
      }
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private static double metric(SqlEndpoint endpoint, String name) throws Exception {
    return page(endpoint)
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static String page(SqlEndpoint endpoint) throws Exception {
    URI page = URI.create("http://127.0.0.1:%d/metrics".formatted(endpoint.service.adminPort()));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** A client's first words, with no window for answers. */
  private static byte[] opening() {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    byte[] noWindow = ByteBuffer.allocate(6).putShort((short) 4).putInt(0).array();
    frames.writeBytes(frame(SETTINGS, 0, 0, noWindow));
    return frames.toByteArray();
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) 0).putShort((short) payload.length).put((byte) type).put((byte) flags);
    return frame.putInt(stream).put(payload).array();
  }

  /** Of a call: POST, http, and the rest as literals (HPACK). */
  private static byte[] head(String path) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write(0x83);
    head.write(0x86);
    literal(head, ":path", path);
    literal(head, ":authority", "here");
    literal(head, "content-type", "application/grpc");
    literal(head, "te", "trailers");
    return head.toByteArray();
  }

  private static void literal(ByteArrayOutputStream head, String name, String value) {
    head.write(0);
    text(head, name);
    text(head, value);
  }

  private static void text(ByteArrayOutputStream head, String text) {
    int rest = text.length() - 127;
    head.write(Math.min(text.length(), 127));
    for (; rest >= 128; rest >>= 7) {
      head.write(rest & 127 | 128);
    }
    if (rest >= 0) {
      head.write(rest);
    }
    head.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
