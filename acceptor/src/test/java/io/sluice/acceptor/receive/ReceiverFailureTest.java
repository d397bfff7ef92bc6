package io.sluice.acceptor.receive;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.forward.Batch;
import io.sluice.acceptor.forward.Delivery;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What fails on our side is told as to be sent again, and leaves nothing of the request behind. */
final class ReceiverFailureTest {

  private static final byte[] BODY = spans(2, 1).toByteArray();
  private static final CallOptions NO_DEADLINE = CallOptions.DEFAULT;

  private ReceiverHarness harness;

  private void open(java.util.function.Function<Batch, CompletableFuture<Delivery>> forward)
      throws IOException {
    harness = new ReceiverHarness(ReceiverHarness.LIMITS, DecodeLimits.DEFAULT, forward);
  }

  @AfterEach
  void close() {
    harness.awaitNothingHeld();
    harness.close();
  }

  private StatusRuntimeException refused(byte[] body, CallOptions options) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> harness.export(Signal.TRACES, body, options));
  }

  private void assertBothToldToComeAgain() throws Exception {
    HttpResponse<byte[]> response = harness.post(Signal.TRACES, BODY);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).hasValue("1");
    StatusRuntimeException refused = refused(BODY, NO_DEADLINE);
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refused.getTrailers().get(ProtoUtils.keyForProto(RetryInfo.getDefaultInstance())))
        .isNotNull();
  }

  @Test
  void failureWhileForwardingIsToldAndFreesTheBatch() throws Exception {
    open(
        batch -> {
          throw new StackOverflowError("a bug");
        });
    assertBothToldToComeAgain();
  }

  @Test
  void failureOfADeliveryIsToldAndCounted() throws Exception {
    open(
        batch -> {
          batch.free().run();
          return CompletableFuture.failedFuture(new IllegalStateException("a bug"));
        });
    assertBothToldToComeAgain();
    assertThat(harness.counter("sluice_acceptor_failures_total")).isEqualTo(2);
  }

  /** One second may pass while they come, seldom two. */
  @Test
  void failuresOfAKindAreLoggedSeldomAndAllCounted() throws Exception {
    ch.qos.logback.classic.Logger logger =
        (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(RequestHandler.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    try {
      IllegalStateException bug = new IllegalStateException("a bug");
      open(
          batch -> {
            batch.free().run();
            return CompletableFuture.failedFuture(bug);
          });
      for (int i = 0; i < 200; i++) {
        refused(BODY, NO_DEADLINE);
      }
      assertThat(harness.counter("sluice_acceptor_failures_total")).isEqualTo(200);
      assertThat(logged.list).isNotEmpty().hasSizeLessThan(100);
      assertThat(logged.list.get(0).getFormattedMessage()).contains("0 before were not logged");
    } finally {
      logger.detachAppender(logged);
    }
  }

  /** A timer that takes nothing any more stands for whatever may throw in a receiver itself. */
  @Test
  void failureBeforeTheRequestIsWholeIsTold() throws Exception {
    BlockingQueue<Batch> held = new LinkedBlockingQueue<>();
    open(
        batch -> {
          held.add(batch);
          return new CompletableFuture<>();
        });
    harness.timer.shutdownNow();
    HttpResponse<byte[]> response = harness.post(Signal.TRACES, BODY);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).hasValue("1");
    assertThat(harness.counter("sluice_acceptor_failures_total")).isEqualTo(1);
    assertThat(held).isEmpty();
  }

  @Test
  void everyRefusalGivesBackWhatTheRequestHeld() throws Exception {
    open(ReceiverHarness::store);
    byte[] cut = Arrays.copyOf(BODY, 40);
    byte[] large = new byte[(1 << 20) + 1];
    assertThat(harness.post(Signal.TRACES, BODY).statusCode()).isEqualTo(200);
    assertThat(harness.post(Signal.TRACES, cut).statusCode()).isEqualTo(400);
    assertThat(harness.post(Signal.TRACES, large).statusCode()).isEqualTo(413);
    assertThat(harness.post(Signal.TRACES, BODY, "Content-Encoding", "gzip").statusCode())
        .isEqualTo(400);
    assertThat(harness.post(Signal.TRACES, BODY, "Content-Encoding", "br").statusCode())
        .isEqualTo(415);
    assertThat(harness.export(Signal.TRACES, BODY, NO_DEADLINE)).isEmpty();
    assertThat(refused(cut, NO_DEADLINE).getStatus().getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refused(large, NO_DEADLINE.withCompression("gzip")).getStatus().getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    harness.awaitNothingHeld();
    assertThat(harness.counter("sluice_acceptor_requests_total", "outcome=\"stored\""))
        .isEqualTo(2);
    assertThat(harness.counter("sluice_acceptor_requests_total", "outcome=\"malformed\""))
        .isEqualTo(3);
    assertThat(harness.counter("sluice_acceptor_requests_total", "outcome=\"too_large\""))
        .isEqualTo(2);
    assertThat(harness.counter("sluice_acceptor_requests_total", "outcome=\"wrong_encoding\""))
        .isEqualTo(1);
  }

  @Test
  void clientsThatLeaveInTheMiddleHoldNothing() throws Exception {
    open(ReceiverHarness::store);
    try (Socket http = new Socket("127.0.0.1", harness.httpPort())) {
      http.getOutputStream()
          .write(
              ("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                      + "Content-Length: 100000\r\n\r\nabc")
                  .getBytes(StandardCharsets.US_ASCII));
      awaitHeld(HttpBody.FIRST);
    }
    harness.awaitNothingHeld();
    CompletableFuture<Status> closed = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call =
        harness
            .channel()
            .newCall(
                ReceiverHarness.method(Signal.TRACES, MethodDescriptor.MethodType.BIDI_STREAMING),
                NO_DEADLINE);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            closed.complete(status);
          }
        },
        new Metadata());
    call.sendMessage(new byte[500_000]);
    awaitHeld(500_000);
    call.cancel("the client leaves", null);
    assertThat(closed.get(60, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.CANCELLED);
  }

  private void awaitHeld(long bytes) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (harness.handler().bytesInFlight() < bytes) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void bodyThatComesTooSlowlyIsRetryable() throws Exception {
    harness =
        new ReceiverHarness(
            ReceiverHarness.LIMITS,
            DecodeLimits.DEFAULT,
            ReceiverHarness::store,
            ReceiverHarness.edge(new BodyPace.Least(50, 1_000_000, 10)));
    try (Socket http = new Socket("127.0.0.1", harness.httpPort())) {
      http.setSoTimeout(60_000);
      http.getOutputStream()
          .write(
              ("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                      + "Content-Length: 1000\r\n\r\nabc")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = http.getInputStream();
      assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/1.1 503")
          .containsIgnoringCase("retry-after: 1")
          .containsIgnoringCase("connection: close")
          .contains("too slowly");
    }
  }
}
