package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Table;
import io.sluice.writer.buffer.TableKey;
import org.junit.jupiter.api.Test;

final class LookPaceTest {

  private static final TableKey TRACES = new TableKey("shop", Table.TRACES);
  private static final TableKey LOGS = new TableKey("shop", Table.LOGS);

  private long now = Long.MAX_VALUE - 1; // it wraps, as clocks may
  private final LookPace pace = new LookPace(() -> now);

  @Test
  void aTableIsLookedAtOnceASecondHoweverOftenItIsAskedFor() {
    int looks = 0;
    for (int i = 0; i < 10_000; i++) {
      looks += pace.mayLook(TRACES) ? 1 : 0;
      now += LookPace.NANOS / 1_000;
    }
    assertThat(looks).isEqualTo(10);
  }

  @Test
  void oneTableWaitsForNoOther() {
    assertThat(pace.mayLook(TRACES)).isTrue();
    assertThat(pace.mayLook(LOGS)).isTrue();
    assertThat(pace.mayLook(TRACES)).isFalse();
  }
}
