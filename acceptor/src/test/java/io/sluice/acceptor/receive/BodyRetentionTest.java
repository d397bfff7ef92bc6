package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptor.RunningAcceptor;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.forward.Batch;
import io.sluice.schema.table.Signal;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BodyRetentionTest {

  private static WeakReference<byte[]> handle(RequestHandler handler) {
    byte[] request = RunningAcceptor.spans(10, 1).toByteArray();
    handler.handle(
        new Received(
            new Came(Came.Door.HTTP, "default", Signal.TRACES),
            new Body.Bytes(request, request.length),
            ContentEncoding.IDENTITY,
            handler.reservation("default"),
            handler.arrival(),
            System.nanoTime() + TimeUnit.HOURS.toNanos(1)),
        outcome -> {});
    return new WeakReference<>(request);
  }

  /** From then on the budget has its columns alone. */
  @Test
  void bytesOfARequestAreNotKeptUntilItsAnswer() throws Exception {
    List<Batch> waiting = new ArrayList<>();
    try (ReceiverHarness harness =
        new ReceiverHarness(
            ReceiverHarness.LIMITS,
            DecodeLimits.DEFAULT,
            batch -> {
              waiting.add(batch);
              return new CompletableFuture<>();
            })) {
      WeakReference<byte[]> body = handle(harness.handler());
      assertThat(waiting).hasSize(1);

      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (body.get() != null && System.nanoTime() < deadline) {
        System.gc();
      }
      assertThat(body.get()).isNull();
      waiting.forEach(batch -> batch.free().run());
    }
  }
}
