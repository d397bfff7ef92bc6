package io.sluice.schema.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.page.PageDocument.Refusal;
import io.sluice.schema.page.Recent.Seen;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RecentTest {

  private long now = 1_000;
  private final Recent<String> recent = new Recent<>(() -> Instant.ofEpochMilli(now));

  @Test
  void whatHappensAgainIsCountedAndIsTheLast() {
    recent.add("full", "no room 1");
    now = 2_000;
    recent.add("other", "other");
    now = 3_000;
    recent.add("full", "no room 2");
    assertThat(recent.newestFirst())
        .containsExactly(
            new Seen<>(1_000, 3_000, 2, "no room 2"), new Seen<>(2_000, 2_000, 1, "other"));
  }

  @Test
  void theOldestAreForgottenAndStillCounted() {
    for (int i = 0; i < 1_000; i++) {
      recent.add(i, "refusal " + i);
    }
    assertThat(recent.newestFirst()).hasSize(Recent.MOST);
    assertThat(recent.newestFirst().get(0).what()).isEqualTo("refusal 999");
    assertThat(recent.total()).isEqualTo(1_000);
  }

  @Test
  void aReasonIsNoLongerThanAPageNeedsIt() {
    assertThat(new Refusal("door", "tenant", "traces", "x".repeat(1 << 20)).reason())
        .hasSizeLessThan(400);
  }
}
