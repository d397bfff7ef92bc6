package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.Attributes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TelemetryTest {

  private final Telemetry telemetry =
      new Telemetry(
          "test",
          KnownMetrics.parse(
              """
              = Both
              sluice.held gauge 1 log | held
              sluice.taken counter 1 log,[table] | taken
              sluice.never gauge 1 log | never
              sluice.took histogram s log | took
              """));

  @Test
  void whatIsWithdrawnIsShownNoMoreUntilItIsBack() throws Exception {
    for (int log = 0; log < 2; log++) {
      telemetry.gauge("sluice.held", log(log), () -> 7);
      telemetry.counter("sluice.taken", log(log), () -> 8);
    }
    telemetry.withdraw("sluice.held", log(0));
    telemetry.withdraw("sluice.taken", log(0));
    telemetry.withdraw("sluice.never", log(0));
    assertThat(page()).contains("log=\"1\"").doesNotContain("log=\"0\"");
    telemetry.gauge("sluice.held", log(0), () -> 9);
    assertThat(page()).contains("sluice_held{log=\"0\"");
  }

  @Test
  void noneIsRegisteredThatTheListDoesNotHaveWithThisKindAndTheseLabels() {
    Attributes none = Attributes.empty();
    assertThatThrownBy(() -> telemetry.counter("sluice.unheard", none))
        .hasMessageContaining("sluice.unheard");
    assertThatThrownBy(() -> telemetry.counter("sluice.held", log(0))).hasMessageContaining("held");
    assertThatThrownBy(() -> telemetry.gauge("sluice.held", none, () -> 1))
        .hasMessageContaining("sluice.held");
    Attributes more = log(0).toBuilder().put("table", "logs").build();
    telemetry.counter("sluice.taken", more);
    assertThatThrownBy(() -> telemetry.gauge("sluice.held", more, () -> 1))
        .hasMessageContaining("table");
  }

  @Test
  void durationsAreSecondsInBuckets() throws Exception {
    telemetry.durations("sluice.took", log(3)).accept(2_000_000);
    assertThat(page())
        .containsPattern("sluice_took_seconds_bucket\\{log=\"3\".*le=\"0.001\"} 0\n")
        .containsPattern("sluice_took_seconds_bucket\\{log=\"3\".*le=\"0.0025\"} 1\n");
  }

  private static Attributes log(int number) {
    return Attributes.builder().put("log", number).build();
  }

  private String page() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    telemetry.write(out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
