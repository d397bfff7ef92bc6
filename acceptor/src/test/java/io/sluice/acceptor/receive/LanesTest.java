package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.sluice.acceptor.RunningAcceptor;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.schema.table.Signal;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LanesTest {

  private static final int LARGE = Lanes.MOST_SMALL + (1 << 20);

  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final CountDownLatch busy = new CountDownLatch(1);
  private ReceiverHarness harness;

  @BeforeEach
  void occupyTheLargeLane() throws Exception {
    ReceiveLimits some = ReceiverHarness.LIMITS;
    ReceiveLimits limits =
        new ReceiveLimits(
            64 << 20,
            1L << 30,
            some.admissionWait(),
            some.grpcPatience(),
            some.httpPatience(),
            some.maxConnectionAge(),
            some.maxCallsPerConnection(),
            some.maxConnections(),
            some.connectionWindow());
    harness = new ReceiverHarness(limits, DecodeLimits.DEFAULT, ReceiverHarness::store);
    harness.large.execute(
        () -> {
          try {
            busy.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @AfterEach
  void close() {
    busy.countDown();
    clients.shutdownNow();
    harness.close();
  }

  private static byte[] request() {
    return RunningAcceptor.spans(10, 1).toByteArray();
  }

  /** A request and an unknown field, so large. */
  private static byte[] large() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(request());
    com.google.protobuf.CodedOutputStream out =
        com.google.protobuf.CodedOutputStream.newInstance(bytes);
    out.writeByteArray(1_000, new byte[LARGE]);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] plain) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private Future<Integer> post(byte[] body, String... headers) {
    Callable<HttpResponse<byte[]>> post = () -> harness.post(Signal.TRACES, body, headers);
    return clients.submit(() -> post.call().statusCode());
  }

  private void awaitTaken(int requests) {
    while (harness.handler().inFlight() < requests) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void smallRequestsDoNotWaitForLargeOnes() throws Exception {
    List<Future<Integer>> large = new ArrayList<>();
    large.add(post(large()));
    large.add(post(gzip(large()), "Content-Encoding", "gzip"));
    large.add(post(gzip(large()), "Content-Encoding", "gzip"));
    large.add(
        clients.submit(
            () -> {
              harness.export(Signal.TRACES, large(), CallOptions.DEFAULT.withCompression("gzip"));
              return 200;
            }));
    awaitTaken(4);

    assertThat(post(request()).get()).isEqualTo(200);
    harness.export(Signal.TRACES, request(), CallOptions.DEFAULT);
    assertThat(large).noneMatch(Future::isDone);

    busy.countDown();
    for (Future<Integer> answer : large) {
      assertThat(answer.get()).isEqualTo(200);
    }
    harness.awaitNothingHeld();
  }

  @Test
  void moreThanMayWaitAreToldToComeAgain() throws Exception {
    byte[] body = gzip(large());
    List<Future<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < Lanes.MOST_WAITING; i++) {
      waiting.add(post(body, "Content-Encoding", "gzip"));
    }
    awaitTaken(Lanes.MOST_WAITING);
    while (harness.lanes.waiting() < Lanes.MOST_WAITING) {
      LockSupport.parkNanos(1_000_000);
    }

    assertThat(post(body, "Content-Encoding", "gzip").get()).isEqualTo(429);
    assertThat(post(request()).get()).isEqualTo(200);

    busy.countDown();
    for (Future<Integer> answer : waiting) {
      assertThat(answer.get()).isEqualTo(200);
    }
    harness.awaitNothingHeld();
  }
}
