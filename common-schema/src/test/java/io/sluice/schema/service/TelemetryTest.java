package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TelemetryTest {

  private final Telemetry telemetry = new Telemetry("test");

  @Test
  void whatIsWithdrawnIsShownNoMoreUntilItIsBack() throws Exception {
    for (int log = 0; log < 2; log++) {
      telemetry.gauge("sluice.held", "1", "held", log(log), () -> 7);
      telemetry.counter("sluice.taken", "1", "taken", log(log), () -> 8);
    }
    telemetry.withdraw("sluice.held", log(0));
    telemetry.withdraw("sluice.taken", log(0));
    telemetry.withdraw("sluice.never", log(0));
    assertThat(page()).contains("log=\"1\"").doesNotContain("log=\"0\"");
    telemetry.gauge("sluice.held", "1", "held", log(0), () -> 9);
    assertThat(page()).contains("sluice_held{log=\"0\"");
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
