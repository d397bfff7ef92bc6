package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CatchUpTest {

  private static final long SECOND = 1_000_000_000L;

  private long now;
  private final CatchUp catchUp = new CatchUp(() -> now);

  @Test
  void aReplicaWithoutALeaderLacksOne() {
    assertThat(catchUp.lacking(CatchUp.UNKNOWN, 0)).isEqualTo("no leader is known");
    assertThat(catchUp.lacking(0, 0)).isNull();
    assertThat(catchUp.lacking(CatchUp.UNKNOWN, 0)).isEqualTo("no leader is known");
  }

  /** The leader goes on meanwhile: else a replica would never be done under load. */
  @Test
  void itHasToHaveWhatTheLeaderHadWhenItWasFirstAsked() {
    assertThat(catchUp.lacking(100, 10)).isEqualTo("applied up to position 10, its leader had 100");
    now = SECOND;
    assertThat(catchUp.lacking(200, 99)).isEqualTo("applied up to position 99, its leader had 100");
    now = 2 * SECOND;
    assertThat(catchUp.lacking(300, 100)).isNull();
  }

  @Test
  void whoFallsBehindLaterIsNotDoneAnyMore() {
    assertThat(catchUp.lacking(100, 100)).isNull();
    now = SECOND;
    assertThat(catchUp.lacking(200, 100)).as("it had what was there a second ago").isNull();
    now = 2 * SECOND;
    assertThat(catchUp.lacking(300, 100))
        .isEqualTo("applied up to position 100, its leader had 200");
  }

  @Test
  void askingOftenDoesNotMakeItHarder() {
    assertThat(catchUp.lacking(100, 100)).isNull();
    now = 1;
    assertThat(catchUp.lacking(101, 100)).isNull();
    now = 2;
    assertThat(catchUp.lacking(102, 100)).isNull();
  }
}
