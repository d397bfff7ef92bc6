package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.schema.service.SlowPaths;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.service.TelemetrySettings;
import io.sluice.schema.table.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class RequestStepsTest {

  private static final long MILLI = 1_000_000;

  private final Telemetry telemetry =
      new Telemetry(
          "test",
          new TelemetrySettings(null, Duration.ofHours(1), Map.of(), Duration.ofMillis(100)));
  private final Logger logger = (Logger) LoggerFactory.getLogger(SlowPaths.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Came came = new Came(Came.Door.GRPC, "shop", Signal.TRACES);

  @BeforeEach
  void listen() {
    logged.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(logged);
  }

  @AfterEach
  void close() {
    logger.detachAppender(logged);
    logger.setLevel(null);
    telemetry.close();
  }

  private List<String> told(RequestSteps steps, long millis) {
    steps.tell(telemetry.slow(), came, Outcome.Stored.ALL, 512, millis * MILLI);
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void whatWasSlowIsToldWithItsSteps() {
    RequestSteps steps = new RequestSteps(0);
    steps.begun(20 * MILLI);
    steps.decoded(50 * MILLI);
    assertThat(told(steps, 99)).as("not slow").isEmpty();
    assertThat(told(steps, 130))
        .singleElement()
        .asString()
        .startsWith(
            "slow request: 130 ms (wait for a worker 20 ms, decode 30 ms, wait for the Writer 80 ms)")
        .contains("shop", "TRACES", "Stored", "512");
  }

  @Test
  void oneThatNeverCameToAWorkerWaitedForIt() {
    assertThat(told(new RequestSteps(0), 200))
        .singleElement()
        .asString()
        .startsWith("slow request: 200 ms (wait for a worker 200 ms)");
  }
}
