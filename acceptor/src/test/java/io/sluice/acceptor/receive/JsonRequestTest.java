package io.sluice.acceptor.receive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Signal;
import io.sluice.schema.wire.BatchId;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;

/** What a request in JSON holds of the budget. */
final class JsonRequestTest {

  private static final String LOGS =
      "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"eventName\":\"%s\"}]}]}]}";

  private static int post(ReceiverHarness harness, Signal signal, String json) throws Exception {
    return harness
        .post(signal, json.getBytes(UTF_8), "Content-Type", "application/json")
        .statusCode();
  }

  @Test
  void everyAnswerGivesBackWhatTheRequestHeld() throws Exception {
    try (ReceiverHarness harness =
        new ReceiverHarness(ReceiverHarness.LIMITS, DecodeLimits.DEFAULT, ReceiverHarness::store)) {
      assertThat(post(harness, Signal.LOGS, LOGS.formatted("e"))).isEqualTo(200);
      assertThat(post(harness, Signal.LOGS, LOGS.formatted("e".repeat(900_000)))).isEqualTo(200);
      assertThat(post(harness, Signal.LOGS, LOGS.formatted("e".repeat(1 << 20)))).isEqualTo(413);
      assertThat(post(harness, Signal.LOGS, LOGS.formatted("\\x"))).isEqualTo(400);
      String zeros = "0,".repeat(400_000) + "0";
      String metrics =
          "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"histogram\":{\"dataPoints\":"
              + "[{\"bucketCounts\":[%s]}]}}]}]}]}";
      assertThat(post(harness, Signal.METRICS, metrics.formatted(zeros))).isEqualTo(413);
      harness.awaitNothingHeld();
      assertThat(harness.counter("sluice_acceptor_requests_total", "outcome=\"stored\""))
          .isEqualTo(2);
      assertThat(harness.counter("sluice_acceptor_requests_total", "outcome=\"too_large\""))
          .isEqualTo(2);
      assertThat(harness.counter("sluice_acceptor_requests_total", "outcome=\"malformed\""))
          .isEqualTo(1);
    }
  }

  /** Both are in memory while one becomes the other; then the JSON is not, and cannot be. */
  @Test
  void jsonIsGivenUpOnceItIsProtobuf() {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    try (Telemetry telemetry = new Telemetry("test")) {
      ByteBudget budget = new ByteBudget(1 << 20, 0, timer, System::nanoTime);
      Reservation held = budget.reservation("default");
      byte[] json = LOGS.formatted("e".repeat(10_000)).getBytes(UTF_8);
      assertThat(held.use(json.length)).isTrue();
      Body.Bytes body = new Body.Bytes(json, json.length);
      Received request =
          new Received(
              new Came(Came.Door.HTTP, "default", Signal.LOGS),
              BatchId.Encoding.JSON,
              body,
              ContentEncoding.IDENTITY,
              held,
              new Arrival(0, 0),
              0);
      Body protobuf = JsonBody.transcode(request, body, 1 << 20, new Ledger(telemetry));
      held.trim();
      assertThat(budget.taken()).isEqualTo(((Body.Bytes) protobuf).array().length);
      assertThat(request.body().array()).isEmpty();
    } finally {
      timer.shutdownNow();
    }
  }
}
