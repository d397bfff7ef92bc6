package io.sluice.acceptor.receive;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.acceptor.RawConnection;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.forward.Batch;
import io.sluice.acceptor.forward.Delivery;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that are slow, silent, deaf, gone, or too many, and what they cost the others. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SlowClientsTest {

  private static final byte[] BODY = spans(2, 1).toByteArray();
  private static final Duration LONG = Duration.ofSeconds(75);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final String HEAD =
      "POST /v1/traces HTTP/1.1\nHost: x\nContent-Type: application/x-protobuf\n";
  private static final String REQUEST = HEAD + "Content-Length: " + BODY.length + "\n\n";

  private ReceiverHarness harness;

  private void open(
      int connections,
      Duration idle,
      Duration head,
      BodyPace.Least least,
      Function<Batch, CompletableFuture<Delivery>> forward)
      throws IOException {
    harness =
        new ReceiverHarness(
            ReceiverHarness.LIMITS,
            DecodeLimits.DEFAULT,
            forward,
            new HttpEdge(CrossOrigin.OFF, connections, idle, head, least));
  }

  private static BodyPace.Least lookOften(long graceMillis) {
    return new BodyPace.Least(graceMillis, 1, 10);
  }

  @AfterEach
  void close() {
    harness.awaitNothingHeld();
    harness.close();
  }

  private RawConnection connect() throws IOException {
    return new RawConnection(harness.httpPort());
  }

  private double slow(String part) throws IOException {
    return harness.counter("sluice_acceptor_http_slow_total", "part=\"" + part + "\"");
  }

  /**
   * The first bytes of a head may be on their way still: its time begins when they are there, and
   * the request before it is over.
   */
  private void awaitSlowHeads(int count, RawConnection slow) {
    await(
        () -> {
          harness.passes(LONG.plusSeconds(5));
          if (counted("sluice_acceptor_http_slow_total") == count) {
            return true;
          }
          try {
            slow.send("P");
          } catch (IOException e) {
            return false; // it was cut just now, and is counted
          }
          return false;
        });
  }

  private double counted(String name) {
    try {
      return harness.counter(name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void headThatDoesNotEndIsCutAndCounted() throws Exception {
    open(100, LONG, LONG, lookOften(60_000), ReceiverHarness::store);
    try (RawConnection first = connect();
        RawConnection second = connect()) {
      first.send("POST /v1/tra");
      second.send(REQUEST, BODY);
      assertThat(second.answer().status()).isEqualTo(200);
      awaitSlowHeads(2, second);
      assertThat(first.rest()).isEmpty();
      assertThat(second.rest()).isEmpty();
    }
  }

  @Test
  void requestThatWaitsForTheWriterIsNotTakenForASlowHead() throws Exception {
    BlockingQueue<CompletableFuture<Delivery>> waiting = new LinkedBlockingQueue<>();
    open(
        100,
        LONG,
        LONG,
        lookOften(60_000),
        batch -> {
          batch.free().run();
          CompletableFuture<Delivery> delivery = new CompletableFuture<>();
          waiting.add(delivery);
          return delivery;
        });
    try (RawConnection patient = connect();
        RawConnection trickling = connect()) {
      patient.send(REQUEST, BODY);
      CompletableFuture<Delivery> delivery = waiting.take();
      awaitSlowHeads(1, trickling);
      delivery.complete(new Delivery.Stored(false));
      assertThat(patient.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void silentConnectionIsClosedAfterTheIdleTime() throws Exception {
    open(100, SHORT, LONG, lookOften(60_000), ReceiverHarness::store);
    try (RawConnection silent = connect()) {
      assertThat(silent.rest()).isEmpty();
    }
    assertThat(slow("head")).isZero();
  }

  @Test
  void newestConnectionBeyondTheLimitIsClosedAndCounted() throws Exception {
    open(2, LONG, LONG, lookOften(60_000), ReceiverHarness::store);
    try (RawConnection first = connect();
        RawConnection second = connect()) {
      for (RawConnection connection : List.of(first, second)) {
        connection.send(REQUEST, BODY);
        assertThat(connection.answer().status()).isEqualTo(200);
      }
      assertThat(harness.counter("sluice_acceptor_http_connections")).isEqualTo(2);
      for (int i = 0; i < 3; i++) {
        try (RawConnection third = connect()) {
          assertThat(third.rest()).isEmpty();
        }
      }
      assertThat(harness.counter("sluice_acceptor_http_connections_refused_total")).isEqualTo(3);
      second.send(REQUEST, BODY);
      assertThat(second.answer().status()).isEqualTo(200);
    }
    await(
        () -> {
          try (RawConnection next = connect()) {
            next.send(REQUEST, BODY);
            return next.rest(12).equals("HTTP/1.1 200");
          } catch (IOException e) {
            return false; // the others are just being closed
          }
        });
  }

  @Test
  void clientThatLeavesBeforeItsAnswerIsCounted() throws Exception {
    open(100, LONG, LONG, lookOften(60_000), ReceiverHarness::store);
    try (RawConnection leaving = connect()) {
      leaving.send(HEAD + "Content-Length: 1000\n\n", (byte) 1);
      await(() -> harness.handler().bytesInFlight() > 0);
    }
    await(() -> counted("sluice_acceptor_http_left_total") == 1);
    assertThat(harness.post(Signal.TRACES, new byte[] {1}).statusCode()).isEqualTo(400);
    assertThat(harness.counter("sluice_acceptor_http_left_total")).isEqualTo(1);
  }

  @Test
  void bodyThatIsTooSlowIsCountedAsSuch() throws Exception {
    open(100, LONG, LONG, new BodyPace.Least(50, 1_000_000, 10), ReceiverHarness::store);
    try (RawConnection slow = connect()) {
      slow.send(HEAD + "Content-Length: 1000\n\n", (byte) 1);
      assertThat(slow.rest()).startsWith("HTTP/1.1 503").contains("too slowly");
    }
    assertThat(slow("body")).isEqualTo(1);
    assertThat(harness.counter("sluice_acceptor_http_left_total")).isZero();
  }

  @Test
  void clientThatNeverReadsItsAnswersIsCutOff() throws Exception {
    open(100, Duration.ofMillis(500), LONG, lookOften(60_000), ReceiverHarness::store);
    String request = "GET /%s HTTP/1.1\nHost: x\n\n".formatted("n".repeat(900)); // said again
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4 << 10);
    socket.connect(new InetSocketAddress("127.0.0.1", harness.httpPort()));
    try (RawConnection deaf = new RawConnection(socket)) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  deaf.send(request.repeat(10));
                }
              })
          .isInstanceOf(IOException.class);
    }
    await(() -> counted("sluice_acceptor_http_connections") == 0);
  }

  @Test
  void clientThatSendsForEverAfterItsRefusalIsCutOff() throws Exception {
    open(100, LONG, LONG, lookOften(200), ReceiverHarness::store);
    byte[] chunk = new byte[64 << 10];
    for (String head : List.of(HEAD, HEAD.replace("x-protobuf", "nothing"))) {
      try (RawConnection endless = connect()) {
        endless.send(head + "Transfer-Encoding: chunked\n\n");
        assertThatThrownBy(
                () -> {
                  while (true) {
                    endless.send("10000\n", chunk);
                    endless.send("\n");
                  }
                })
            .isInstanceOf(IOException.class);
      }
    }
  }

  /** Jetty has 64 threads, and what these hold of the budget is what they have sent. */
  @Test
  void twoThousandSlowClientsCostNobodyElseAnything() throws Exception {
    open(10_000, LONG, LONG, BodyPace.Least.DEFAULT, ReceiverHarness::store);
    List<RawConnection> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 1_000; i++) {
        slow.add(connect());
        slow.get(slow.size() - 1).send("POST /v1/tra");
        slow.add(connect());
        slow.get(slow.size() - 1)
            .send(HEAD + "Content-Encoding: gzip\nContent-Length: 1000000\n\n", (byte) 0x1f);
      }
      await(() -> harness.handler().bytesInFlight() >= 1_000 * (8 << 10));
      for (int i = 0; i < 5; i++) {
        assertThat(harness.post(Signal.TRACES, BODY).statusCode()).isEqualTo(200);
      }
      assertThat(harness.handler().bytesInFlight()).isLessThan(1_000 * (32 << 10));
      assertThat(
              Thread.getAllStackTraces().keySet().stream()
                  .filter(thread -> thread.getName().startsWith("otlp-http")))
          .hasSizeLessThanOrEqualTo(64);
    } finally {
      for (RawConnection connection : slow) {
        connection.close();
      }
    }
  }
}
