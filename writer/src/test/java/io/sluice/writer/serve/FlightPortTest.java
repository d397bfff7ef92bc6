package io.sluice.writer.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.security.Access;
import io.sluice.schema.security.ServerTls;
import io.sluice.schema.security.ServiceTls;
import io.sluice.schema.security.Tls;
import io.sluice.schema.security.TlsFile;
import io.sluice.schema.security.TlsFiles;
import io.sluice.schema.security.TrialAuthority;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.ProtocolErrors;
import io.sluice.schema.service.Telemetry;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.intake.Intake;
import io.sluice.writer.intake.PutLog;
import io.sluice.writer.intake.PutLogs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoublePredicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightProducer;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Result;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What clients of the Flight port may hold, and for how long. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class FlightPortTest {

  private static final int MOST_SECONDS = 60;
  private static final Duration NEVER = Duration.ofHours(1);

  @TempDir private Path directory;
  private final BufferAllocator allocator = new RootAllocator();
  private final Telemetry telemetry = new Telemetry("test");
  private final List<AutoCloseable> clients = new ArrayList<>();
  private FlightListener listener;

  /** It serves nothing but a list of actions, and quotes what it is asked for. */
  private static final FlightProducer NOTHING =
      new NoOpFlightProducer() {
        @Override
        public void listActions(CallContext context, StreamListener<ActionType> actions) {
          actions.onNext(new ActionType("any", "is refused"));
          actions.onCompleted();
        }

        @Override
        public void doAction(CallContext context, Action action, StreamListener<Result> results) {
          results.onError(
              CallStatus.INVALID_ARGUMENT
                  .withDescription(
                      "cannot do: " + new String(action.getBody(), StandardCharsets.UTF_8))
                  .toRuntimeException());
        }
      };

  /** Nothing is put here. */
  private record NoLogs() implements PutLogs {
    @Override
    public int count() {
      return 1;
    }

    @Override
    public @Nullable PutLog hosted(int number) {
      return null;
    }

    @Override
    public @Nullable String leader(int number) {
      return null;
    }
  }

  private void open(FlightLimits limits, ServerTls tls, Access access) throws IOException {
    Intake intake =
        new Intake(
            new NoLogs(),
            new BatchLoader(allocator, EventTime.DEFAULT),
            allocator,
            1 << 20,
            new Ledger(telemetry),
            InstantSource.system(),
            System::nanoTime,
            UUID::randomUUID);
    listener =
        FlightListener.open(
            BindAddress.parse("127.0.0.1"),
            0,
            tls,
            access,
            limits,
            telemetry,
            allocator,
            NOTHING,
            intake);
  }

  private static FlightLimits limits(int connections, int calls, Duration known) {
    return limits(connections, calls, known, NEVER);
  }

  private static FlightLimits limits(int connections, int calls, Duration known, Duration taken) {
    return new FlightLimits(connections, calls, 8, 8, NEVER, known, NEVER, taken, NEVER);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable client : clients) {
      client.close();
    }
    listener.close(Duration.ofSeconds(5));
    telemetry.close();
    allocator.close();
  }

  private FlightClient client(ManagedChannel channel) {
    FlightClient client = FlightGrpcUtils.createFlightClient(allocator, channel);
    clients.add(client);
    return client;
  }

  private FlightClient client(ChannelCredentials credentials) {
    return client(
        NettyChannelBuilder.forAddress("127.0.0.1", listener.port(), credentials).build());
  }

  private FlightClient client() {
    return client(InsecureChannelCredentials.create());
  }

  private Socket silent() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(256 << 10); // set, it does not grow to what the system likes
    socket.connect(new InetSocketAddress("127.0.0.1", listener.port()));
    socket.setSoTimeout(MOST_SECONDS * 1_000); // a socket hears of no interrupt
    clients.add(socket);
    return socket;
  }

  private static void call(FlightClient client) {
    for (Iterator<ActionType> all = client.listActions().iterator(); all.hasNext(); ) {
      all.next();
    }
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

  private double metric(String name) throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    telemetry.write(page);
    return page.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private void await(String metric, DoublePredicate reached) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!reached.test(metric(metric))) {
      assertThat(System.nanoTime()).as(metric).isLessThan(end);
    }
  }

  @Test
  void connectionsBeyondTheMostAreClosedUntilOneLeaves() throws Exception {
    open(limits(4, 8, NEVER), ServerTls.PLAIN, Access.open(false));
    List<FlightClient> four = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      four.add(client());
      call(four.get(i));
    }
    awaitClosed(silent());
    assertThat(metric("sluice_flight_connections")).isEqualTo(4);
    assertThat(metric("sluice_flight_connections_refused_total")).isEqualTo(1);
    call(four.get(0));
    four.get(3).close();
    await("sluice_flight_connections", open -> open == 3);
    call(client());
  }

  @Test
  void oneAddressHoldsNoMoreThanAQuarterWithoutAWord() throws Exception {
    open(limits(8, 8, NEVER), ServerTls.PLAIN, Access.open(false));
    silent();
    Socket second = silent();
    awaitClosed(silent());
    second.close();
    await("sluice_flight_connections", open -> open == 1);
    call(client());
  }

  @Test
  void whoSaysNothingOrIsDeniedIsCutAndWhoIsKnownIsNot() throws Exception {
    String token = "token-of-an-operator";
    Path tokens =
        Files.writeString(
            directory.resolve("access.yaml"),
            "tokens:\n  - {name: a, token: %s, tenant: \"*\", scopes: [admin]}\n".formatted(token));
    open(
        limits(8, 8, Duration.ofSeconds(5)),
        ServerTls.PLAIN,
        Access.of(tokens, "token-of-the-services"));
    FlightClient known = client(ServiceTls.PLAIN.client(token));
    call(known);
    FlightClient denied = client(ServiceTls.PLAIN.client("token-of-nobody"));
    assertThatThrownBy(() -> call(denied))
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.UNAUTHENTICATED));
    awaitClosed(silent());
    await("sluice_flight_connections_cut_total", cut -> cut == 2);
    await("sluice_flight_connections", open -> open == 1);
    await("sluice_flight_connections_silent_total", ended -> ended == 1);
    call(known);
    assertThat(metric("sluice_flight_connections")).isEqualTo(1);
  }

  @Test
  void whoShowsSeveralTokensIsNobody() throws Exception {
    open(limits(8, 8, NEVER), ServerTls.PLAIN, Access.open(false));
    Metadata.Key<String> key = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    Metadata twice = new Metadata();
    twice.put(key, "Bearer a");
    twice.put(key, "Bearer a");
    Metadata joined = new Metadata();
    joined.put(key, "Bearer a, Bearer b");
    for (Metadata several : List.of(twice, joined)) {
      FlightClient client =
          client(
              NettyChannelBuilder.forAddress("127.0.0.1", listener.port())
                  .usePlaintext()
                  .intercept(MetadataUtils.newAttachHeadersInterceptor(several))
                  .build());
      assertThatThrownBy(() -> call(client))
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.INVALID_ARGUMENT))
          .hasMessageContaining("several values of Authorization (send one)");
    }
  }

  @Test
  void whoResetsCallsAsFastAsTheyComeIsCut() throws Exception {
    open(limits(8, 2, NEVER), ServerTls.PLAIN, Access.open(false));
    Socket socket = silent();
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frames.writeBytes(frame(4, 0, 0, new byte[0]));
    for (int stream = 1; stream < 200; stream += 2) {
      frames.writeBytes(frame(1, 4, stream, head()));
      frames.writeBytes(frame(3, 0, stream, new byte[] {0, 0, 0, 8}));
    }
    socket.getOutputStream().write(frames.toByteArray());
    awaitClosed(socket);
  }

  private static byte[] opening(int window) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    byte[] settings = ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array();
    frames.writeBytes(frame(4, 0, 0, settings));
    return frames.toByteArray();
  }

  @Test
  void whoSendsFramesThatAskForNothingIsCutByTlsToo() throws Exception {
    Path tls = Files.createDirectory(directory.resolve("tls"));
    TrialAuthority authority = TrialAuthority.in(tls.resolve("ca.p12"));
    TrialAuthority.Issued issued = authority.issue("own", "EC", List.of("127.0.0.1"));
    TlsFile believed = write("believed", authority.certificate());
    Tls own =
        Tls.read(
            new TlsFiles(
                write("own.crt", issued.certificate()), write("own.key", issued.key()), believed));
    for (boolean secured : new boolean[] {false, true}) {
      open(
          limits(8, 8, NEVER),
          secured ? new ServerTls(own, false) : ServerTls.PLAIN,
          Access.open(false));
      Socket socket = secured ? secured(own, silent()) : silent();
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      frames.writeBytes(opening(1 << 16));
      for (int i = 0; i < 2_000; i++) {
        frames.writeBytes(frame(2, 0, 1, new byte[] {0, 0, 0, 0, 1})); // priority
      }
      socket.getOutputStream().write(frames.toByteArray());
      awaitClosed(socket);
      assertThat(metric("sluice_flight_connections_flooding_total")).isEqualTo(secured ? 2 : 1);
      if (!secured) {
        listener.close(Duration.ofSeconds(5));
      }
    }
  }

  private static Socket secured(Tls tls, Socket plain) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {tls.trust()}, null);
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** It gives no window, so that the call would wait for as long as it likes. */
  @Test
  void whoDoesNotTakeItsAnswerIsCut() throws Exception {
    open(limits(8, 8, NEVER, Duration.ofMillis(500)), ServerTls.PLAIN, Access.open(false));
    Socket closed = silent();
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes(opening(0));
    frames.writeBytes(frame(1, 4, 1, head()));
    frames.writeBytes(frame(0, 1, 1, new byte[5]));
    closed.getOutputStream().write(frames.toByteArray());
    awaitClosed(closed);
    assertThat(metric("sluice_flight_connections_untaken_total")).isEqualTo(1);
    call(client());
  }

  /** Refusals are heads, which no window holds back: each is of its path, each % as %25. */
  @Test
  void whoAsksAndReadsNothingIsNotReadOn() throws Exception {
    open(limits(8, 256, NEVER), ServerTls.PLAIN, Access.open(false));
    Socket deaf = silent();
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes(opening(0));
    for (int i = 0; i < 250; i++) {
      frames.writeBytes(frame(1, 5, 2 * i + 1, head("/none/" + i + "%".repeat(15_000))));
    }
    CompletableFuture<Void> asking =
        CompletableFuture.runAsync(
            () -> {
              try {
                deaf.getOutputStream().write(frames.toByteArray());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    await("sluice_flight_connections_paused_total", paused -> paused > 0);
    call(client());
    int last = 0;
    while (last < 250 * 45_000) { // it reads, and so they come
      last += deaf.getInputStream().read(new byte[1 << 16]);
    }
    asking.get(MOST_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void sentenceThatQuotesMuchIsCutAndComes() throws Exception {
    open(limits(8, 8, NEVER), ServerTls.PLAIN, Access.open(false));
    byte[] body = "x".repeat(900_000).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> client().doAction(new Action("any", body)).next())
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.INVALID_ARGUMENT))
        .hasMessageStartingWith("cannot do: xxx")
        .hasMessageEndingWith("...");
  }

  /** Nothing of what any client may do as often as it likes may fill the log. */
  @Test
  void brokenFramesAreCountedAndSeldomLogged() throws Exception {
    open(limits(64, 8, NEVER), ServerTls.PLAIN, Access.open(false));
    Logger logger = (Logger) LoggerFactory.getLogger(ProtocolErrors.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    try {
      for (int i = 0; i < 100; i++) {
        try (Socket socket = new Socket("127.0.0.1", listener.port())) {
          socket.setSoTimeout(MOST_SECONDS * 1_000);
          ByteArrayOutputStream frames = new ByteArrayOutputStream();
          frames.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          frames.writeBytes(frame(4, 0, 0, new byte[0]));
          frames.writeBytes(frame(1, 4, 1, new byte[] {(byte) 0xff, 0, 0}));
          socket.getOutputStream().write(frames.toByteArray());
          awaitClosed(socket);
        }
      }
      await("sluice_flight_protocol_errors_total", errors -> errors >= 100);
      assertThat(logged.list).isNotEmpty().hasSizeLessThan(50);
      assertThat(logged.list.get(0).getThrowableProxy()).as("no stack trace").isNull();
    } finally {
      logger.detachAppender(logged);
    }
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) 0).putShort((short) payload.length).put((byte) type).put((byte) flags);
    return frame.putInt(stream).put(payload).array();
  }

  private static byte[] head() {
    return head("/arrow.flight.protocol.FlightService/ListActions");
  }

  /** Of a call: POST, http, and the rest as literals. */
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

  private TlsFile write(String name, String text) throws IOException {
    return new TlsFile(name, Files.writeString(directory.resolve(name), text));
  }

  /** TLS resumes a session without a look at the certificate that was shown when it began. */
  @Test
  void aResumedSessionIsOfNobodyOnceItsAuthorityIsTakenAway() throws Exception {
    TrialAuthority authority = TrialAuthority.in(directory.resolve("ca.p12"));
    TrialAuthority.Issued issued = authority.issue("own", "EC", List.of("127.0.0.1"));
    TlsFile certificate = write("own.crt", issued.certificate());
    TlsFile key = write("own.key", issued.key());
    Tls server =
        Tls.read(new TlsFiles(certificate, key, write("believed", authority.certificate())));
    Tls shown = Tls.read(new TlsFiles(certificate, key, write("ca", authority.certificate())));
    SslContext context = // that of both channels, with its sessions
        GrpcSslContexts.configure(
                io.netty.handler.ssl.SslContextBuilder.forClient()
                    .keyManager(shown.keys())
                    .trustManager(shown.trust()),
                SslProvider.JDK)
            .build();
    open(limits(8, 8, NEVER), new ServerTls(server, true), Access.open(false));
    FlightClient first = secured(context);
    call(first);
    first.close();

    TrialAuthority other = TrialAuthority.in(directory.resolve("other.p12"));
    write("believed", other.certificate());
    while (!server.refresh()) {
      LockSupport.parkNanos(1_000_000);
    }
    FlightClient second = secured(context);
    assertThatThrownBy(() -> call(second))
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.UNAUTHENTICATED))
        .hasMessageContaining("of no authority that is believed now");
    assertThat(metric("sluice_tls_clients_refused_total")).isEqualTo(1);
  }

  private FlightClient secured(SslContext context) {
    return client(
        NettyChannelBuilder.forAddress("127.0.0.1", listener.port()).sslContext(context).build());
  }
}
