package io.sluice.writer.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.Telemetry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RepeatsCountedTest {

  @Test
  void everySuppressionIsCountedByItsReason() throws Exception {
    Telemetry telemetry = new Telemetry("test");
    Ledger ledger = new Ledger(telemetry);
    ledger.repeated("log");
    ledger.repeated("log");
    ledger.repeated("message");
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    telemetry.write(page);
    assertThat(page.toString(StandardCharsets.UTF_8))
        .containsPattern("sluice_batches_deduplicated_total\\{[^}]*reason=\"log\"[^}]*} 2")
        .containsPattern("sluice_batches_deduplicated_total\\{[^}]*reason=\"message\"[^}]*} 1");
    telemetry.close();
  }
}
