package io.sluice.writer.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.Telemetry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AdmittedTest {

  /** Each that is slow holds its window, and as much again that waits to be taken. */
  @Test
  void windowsOfAllReadsTogetherAreBoundedHoweverManyAreOpen() {
    try (Telemetry telemetry = new Telemetry("test")) {
      Admitted admitted = new Admitted(new FlightLimits(64, 256, 512, 512), telemetry);
      assertThat(admitted.windowBytes()).isEqualTo(4 << 20);
      List<Admitted.Call> open = new ArrayList<>();
      long held = 0;
      for (int i = 0; i < 512; i++) {
        open.add(admitted.read("caller"));
        held += admitted.windowBytes();
      }
      assertThat(held).as("of reads that never go on").isLessThan(1L << 30);
      assertThat(admitted.windowBytes()).isEqualTo(512 << 10);
      open.forEach(Admitted.Call::close);
      assertThat(admitted.windowBytes()).isEqualTo(4 << 20);
    }
  }
}
