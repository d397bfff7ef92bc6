package io.sluice.acceptor.receive;

import static io.sluice.acceptor.RawHttp2.message;
import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.Status;
import io.sluice.acceptor.RawHttp2;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.forward.Batch;
import io.sluice.acceptor.forward.Delivery;
import io.sluice.schema.service.ProtocolErrors;
import io.sluice.schema.table.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** How long gRPC connections live, and what they may hold without a word. */
@Timeout(300)
final class GrpcConnectionsTest {

  private static final String TRACES = OtlpGrpcService.method(Signal.TRACES);
  private static final byte[] SPANS = message(0, spans(2, 1).toByteArray());
  private static final Duration NEVER = Duration.ofHours(1);
  private static final ConnectionTimes NO_LIMITS =
      new ConnectionTimes(Duration.ofSeconds(9), NEVER, NEVER, NEVER, NEVER, NEVER, NEVER);
  private static final BodyPace.Least NO_PACE = new BodyPace.Least(3_600_000, 1, 10);
  private static final int AT_ONCE = 120;
  private static final int MOST = 250;

  private final List<RawHttp2> clients = new ArrayList<>();
  private ReceiverHarness harness;

  private void open(ReceiveLimits limits, BodyPace.Least least, ConnectionTimes times)
      throws IOException {
    open(limits, least, times, ReceiverHarness::store);
  }

  private void open(
      ReceiveLimits limits,
      BodyPace.Least least,
      ConnectionTimes times,
      Function<Batch, CompletableFuture<Delivery>> forward)
      throws IOException {
    harness =
        new ReceiverHarness(
            limits, DecodeLimits.DEFAULT, forward, ReceiverHarness.edge(least), times);
  }

  private static ReceiveLimits limits(Duration age, int connections) {
    ReceiveLimits some = ReceiverHarness.LIMITS;
    return new ReceiveLimits(
        some.maxRequestBytes(),
        some.maxBytesInFlight(),
        some.admissionWait(),
        some.grpcPatience(),
        some.httpPatience(),
        age,
        some.maxCallsPerConnection(),
        connections,
        some.connectionWindow());
  }

  @AfterEach
  void close() throws IOException {
    harness.awaitNothingHeld();
    for (RawHttp2 client : clients) {
      client.close();
    }
    harness.close();
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private RawHttp2 client() throws IOException {
    RawHttp2 client = RawHttp2.open(harness.grpcPort());
    clients.add(client);
    return client;
  }

  private static void assertStored(RawHttp2 client) throws IOException {
    int stream = client.call(TRACES);
    client.last(stream, SPANS);
    assertThat(client.response(stream).field("grpc-status")).isEqualTo("0");
  }

  private static void assertTooSlow(RawHttp2 client, int stream) throws IOException {
    RawHttp2.Response response = client.response(stream);
    assertThat(response.field("grpc-status")).isEqualTo("" + Status.Code.UNAVAILABLE.value());
    assertThat(response.field("grpc-message")).contains("too slowly");
    assertThat(response.field("google.rpc.retryinfo-bin")).isNotNull();
  }

  @Test
  void messageThatComesTooSlowlyIsEndedAndHoldsNothing() throws Exception {
    open(ReceiverHarness.LIMITS, new BodyPace.Least(50, 1_000_000, 10), NO_LIMITS);
    RawHttp2 client = client();
    int trickled = client.call(TRACES);
    client.data(trickled, new byte[] {0, 0, 1, 0, 0, 1, 2, 3});
    assertTooSlow(client, trickled);
    int never = client.call(TRACES);
    assertTooSlow(client, never);
    int unfinished = client.call(TRACES);
    client.data(unfinished, SPANS); // whole, but the call is not half-closed
    assertTooSlow(client, unfinished);
    harness.awaitNothingHeld();
    assertThat(harness.counter("sluice_acceptor_requests_total", "outcome=\"unavailable\""))
        .isEqualTo(3);
    assertStored(client);
  }

  @Test
  void callsThatSendNothingHoldLittle() throws Exception {
    open(ReceiverHarness.LIMITS, NO_PACE, NO_LIMITS);
    RawHttp2 client = client();
    for (int i = 0; i < 200; i++) {
      client.call(TRACES);
    }
    await(() -> harness.handler().bytesInFlight() >= 200 * Reservation.OVERHEAD);
    assertThat(harness.handler().bytesInFlight()).isLessThanOrEqualTo(200 * 16 << 10);
    client.close();
  }

  /** Nothing of what any client may do as often as it likes may fill the log. */
  @Test
  void brokenFramesAreCountedAndSeldomLogged() throws Exception {
    open(ReceiverHarness.LIMITS, NO_PACE, NO_LIMITS);
    ch.qos.logback.classic.Logger logger =
        (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(ProtocolErrors.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    try {
      for (int i = 0; i < 100; i++) {
        try (RawHttp2 client = RawHttp2.open(harness.grpcPort())) {
          client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, new byte[] {(byte) 0xff, 0, 0});
          client.awaitClosed();
        }
      }
      await(() -> harness.counter("sluice_acceptor_grpc_protocol_errors_total") >= 100);
      assertThat(logged.list).isNotEmpty().hasSizeLessThan(50);
      assertThat(logged.list.get(0).getThrowableProxy()).as("no stack trace").isNull();
    } finally {
      logger.detachAppender(logged);
    }
  }

  private GrpcInbound inbound(SlowCalls slow) {
    return new GrpcInbound(
        harness.handler(),
        slow,
        new Admission.Result("default", null),
        ContentEncoding.IDENTITY,
        null);
  }

  @Test
  void paceIsAskedAfterTheGraceOnAverageSinceTheMessageWasAskedFor() throws Exception {
    open(ReceiverHarness.LIMITS, NO_PACE, NO_LIMITS);
    AtomicLong seconds = new AtomicLong(1_000_000);
    SlowCalls slow =
        new SlowCalls(
            new BodyPace.Least(60_000, 100, 3_600_000),
            harness.timer,
            () -> TimeUnit.SECONDS.toNanos(seconds.get()));
    List<String> ended = new ArrayList<>();
    GrpcInbound none = inbound(slow);
    none.onTooSlow(() -> ended.add("none"));
    GrpcInbound some = inbound(slow);
    some.onTooSlow(() -> ended.add("some"));
    GrpcInbound whole = inbound(slow);
    whole.onTooSlow(() -> ended.add("whole"));
    GrpcInbound little = inbound(slow);
    little.onTooSlow(() -> ended.add("little"));
    none.begin();
    little.begin();
    some.begin();
    whole.begin();
    little.inboundWireSize(1);
    some.inboundWireSize(10_000);
    whole.end();
    seconds.addAndGet(9);
    slow.look();
    assertThat(ended).isEmpty();
    seconds.addAndGet(1);
    slow.look();
    assertThat(ended).as("nothing after 10 s").containsExactly("none");
    seconds.addAndGet(49);
    slow.look();
    assertThat(ended).containsExactly("none");
    seconds.addAndGet(1);
    slow.look();
    assertThat(ended).as("too little after the grace").containsExactly("none", "little");
    seconds.addAndGet(40); // 100 bytes a second since its begin
    slow.look();
    assertThat(ended).hasSize(2);
    seconds.addAndGet(1);
    slow.look();
    slow.look();
    assertThat(ended).containsExactly("none", "little", "some");
    some.held().close();
    little.held().close();
    slow.close();
  }

  /** A request on its way to the Writer is as slow as the Writer is. */
  @Test
  void paceIsOnlyAskedOfWhatTheClientSends() throws Exception {
    BlockingQueue<CompletableFuture<Delivery>> held = new LinkedBlockingQueue<>();
    open(
        ReceiverHarness.LIMITS,
        new BodyPace.Least(50, 1_000_000, 10),
        NO_LIMITS,
        batch -> {
          batch.free().run();
          CompletableFuture<Delivery> delivery = new CompletableFuture<>();
          held.add(delivery);
          return delivery;
        });
    RawHttp2 client = client();
    int waiting = client.call(TRACES);
    client.last(waiting, SPANS);
    CompletableFuture<Delivery> delivery = held.poll(60, TimeUnit.SECONDS);
    int slow = client.call(TRACES);
    assertTooSlow(client, slow); // so the other was looked at as well
    delivery.complete(new Delivery.Stored(false));
    assertThat(client.response(waiting).field("grpc-status")).isEqualTo("0");
  }

  @Test
  void whoSendsFramesThatAskForNothingIsCut() throws Exception {
    open(ReceiverHarness.LIMITS, NO_PACE, NO_LIMITS);
    for (byte[] frame :
        List.of(
            new byte[] {0, 0, 0, RawHttp2.SETTINGS, 0, 0, 0, 0, 0},
            new byte[] {0, 0, 5, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, // priority
            new byte[] {0, 0, 0, RawHttp2.DATA, 0, 0, 0, 0, 1},
            new byte[] {0, 0, 0, 99, 0, 0, 0, 0, 0})) {
      RawHttp2 client = client();
      client.call(TRACES);
      ByteArrayOutputStream flood = new ByteArrayOutputStream();
      for (int i = 0; i < 2_000; i++) {
        flood.writeBytes(frame);
      }
      client.bytes(flood.toByteArray());
      assertThat(client.awaitClosed()).isTrue();
    }
    assertThat(harness.counter("sluice_acceptor_grpc_connections_flooding_total")).isEqualTo(4);
    assertStored(client());
  }

  /** It gives no window, so that the call would wait for as long as it likes. */
  @Test
  void whoDoesNotTakeItsAnswerIsCut() throws Exception {
    open(
        ReceiverHarness.LIMITS,
        NO_PACE,
        new ConnectionTimes(
            Duration.ofSeconds(9), NEVER, NEVER, NEVER, NEVER, Duration.ofMillis(500), NEVER));
    RawHttp2 closed = client();
    closed.frame(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
    closed.last(closed.call(TRACES), SPANS);
    assertThat(closed.awaitClosed()).isTrue();
    assertThat(harness.counter("sluice_acceptor_grpc_connections_untaken_total")).isEqualTo(1);
    assertStored(client());
  }

  /** Refusals are heads, which no window holds back. */
  @Test
  void whoAsksAndReadsNothingIsNotReadOnAndIsAnsweredOnceItReads() throws Exception {
    open(ReceiverHarness.LIMITS, NO_PACE, NO_LIMITS);
    RawHttp2 deaf = client();
    deaf.await(frame -> frame.type() == RawHttp2.SETTINGS); // answered: from now on it only reads
    CountDownLatch enough = new CountDownLatch(1);
    CompletableFuture<Integer> asking = CompletableFuture.supplyAsync(() -> ask(deaf, enough));
    await(
        () ->
            asking.isCompletedExceptionally()
                || harness.counter("sluice_acceptor_grpc_connections_paused_total") > 0);
    assertThat(asking).isNotCompletedExceptionally();
    enough.countDown();
    assertStored(client());
    Set<Integer> ended = new HashSet<>();
    for (boolean asked = false; !asked || ended.size() < asking.get(60, TimeUnit.SECONDS); ) {
      RawHttp2.Frame frame = deaf.await(any -> true);
      asked |= frame.type() == RawHttp2.PING && frame.flags() == RawHttp2.ACK;
      if (frame.ends()) {
        ended.add(frame.stream());
      }
    }
  }

  /**
   * Each is answered with its path, in which each % becomes %25: 60 kB, of which both systems'
   * buffers take some MB. What was read before its answers were written is no reason to stop, so
   * that some calls come later; not more than a connection may have at once.
   *
   * @return how many; a ping is the last that it says
   */
  private static int ask(RawHttp2 client, CountDownLatch enough) {
    try {
      int calls = 0;
      while (calls < AT_ONCE || (calls < MOST && !enough.await(250, TimeUnit.MILLISECONDS))) {
        client.last(client.call("none/" + calls + "%".repeat(20_000)), new byte[0]);
        calls++;
      }
      client.ping();
      return calls;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  @Test
  void connectionsBeyondTheMostAreClosedUntilOneLeaves() throws Exception {
    open(limits(NEVER, 2), NO_PACE, NO_LIMITS);
    RawHttp2 first = client();
    assertStored(first);
    RawHttp2 second = client();
    assertStored(second);
    RawHttp2 third = RawHttp2.silent(harness.grpcPort());
    clients.add(third);
    assertThat(third.awaitClosed()).isTrue();
    assertThat(harness.counter("sluice_acceptor_grpc_connections_refused_total")).isEqualTo(1);
    assertThat(harness.counter("sluice_acceptor_grpc_connections")).isEqualTo(2);
    assertStored(first);
    second.close();
    await(() -> harness.counter("sluice_acceptor_grpc_connections") <= 1);
    assertStored(client());
  }

  @Test
  void whoNeverSaysAWordOrNeverEndsItsPrefaceOrHeadersIsCut() throws Exception {
    Duration soon = Duration.ofSeconds(1);
    open(
        limits(NEVER, 100),
        NO_PACE,
        new ConnectionTimes(Duration.ofSeconds(9), soon, soon, NEVER, NEVER, NEVER, NEVER));
    RawHttp2 silent = RawHttp2.silent(harness.grpcPort());
    clients.add(silent);
    RawHttp2 half = RawHttp2.silent(harness.grpcPort());
    clients.add(half);
    half.bytes("PRI * HTTP/2.0\r\n".getBytes(StandardCharsets.US_ASCII));
    RawHttp2 endless = client(); // of headers: nothing else may be sent before they end
    endless.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.head(TRACES));
    endless.frame(RawHttp2.CONTINUATION, 0, 1, new byte[0]);
    assertThat(silent.awaitClosed()).isTrue();
    assertThat(half.awaitClosed()).isTrue();
    assertThat(endless.awaitClosed()).isTrue();
    await(() -> harness.counter("sluice_acceptor_grpc_connections") <= 0);
    await(() -> harness.counter("sluice_acceptor_grpc_connections_silent_total") == 1);
  }

  @Test
  void whoSpeaksNoHttp2IsCutAtOnce() throws Exception {
    open(limits(NEVER, 100), NO_PACE, NO_LIMITS);
    RawHttp2 other = RawHttp2.silent(harness.grpcPort());
    clients.add(other);
    other.bytes(
        "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII));
    assertThat(other.awaitClosed()).isTrue();
  }

  @Test
  void connectionWithoutCallsIsAskedToReconnect() throws Exception {
    open(
        limits(NEVER, 100),
        NO_PACE,
        new ConnectionTimes(
            Duration.ofSeconds(9), NEVER, NEVER, Duration.ofMillis(200), NEVER, NEVER, NEVER));
    RawHttp2 client = client();
    assertStored(client);
    RawHttp2.Frame away = client.await(frame -> frame.type() == RawHttp2.GOAWAY);
    assertThat(away.error()).isZero();
  }

  @Test
  void callInFlightWhenTheAgeIsReachedIsAnswered() throws Exception {
    BlockingQueue<CompletableFuture<Delivery>> held = new LinkedBlockingQueue<>();
    open(
        limits(Duration.ofSeconds(1), 100),
        NO_PACE,
        NO_LIMITS,
        batch -> {
          batch.free().run();
          CompletableFuture<Delivery> delivery = new CompletableFuture<>();
          held.add(delivery);
          return delivery;
        });
    RawHttp2 client = client();
    int stream = client.call(TRACES);
    client.last(stream, SPANS);
    CompletableFuture<Delivery> delivery = held.poll(60, TimeUnit.SECONDS);
    RawHttp2.Frame away = client.await(frame -> frame.type() == RawHttp2.GOAWAY);
    assertThat(away.error()).isZero();
    delivery.complete(new Delivery.Stored(false));
    assertThat(client.response(stream).field("grpc-status")).isEqualTo("0");
  }

  /** Slower than permitted can only become slower still, however busy the machine is. */
  @Test
  void pingsAtThePermittedPaceAreAnsweredWithAndWithoutCalls() throws Exception {
    Duration permitted = Duration.ofMillis(20);
    BlockingQueue<CompletableFuture<Delivery>> held = new LinkedBlockingQueue<>();
    open(
        limits(NEVER, 100),
        NO_PACE,
        new ConnectionTimes(permitted, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER),
        batch -> {
          batch.free().run();
          CompletableFuture<Delivery> delivery = new CompletableFuture<>();
          held.add(delivery);
          return delivery;
        });
    RawHttp2 client = client();
    pingTenTimes(client, permitted.plusMillis(5));
    int stream = client.call(TRACES);
    client.last(stream, SPANS);
    CompletableFuture<Delivery> delivery = held.poll(60, TimeUnit.SECONDS);
    pingTenTimes(client, permitted.plusMillis(5));
    delivery.complete(new Delivery.Stored(false));
    assertThat(client.response(stream).field("grpc-status")).isEqualTo("0");
  }

  private static void pingTenTimes(RawHttp2 client, Duration apart) throws IOException {
    for (int i = 0; i < 10; i++) {
      client.ping();
      RawHttp2.Frame answer =
          client.await(f -> f.type() == RawHttp2.PING || f.type() == RawHttp2.GOAWAY);
      assertThat(answer.type()).isEqualTo(RawHttp2.PING);
      long next = System.nanoTime() + apart.toNanos(); // from when the server surely had it
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }
}
