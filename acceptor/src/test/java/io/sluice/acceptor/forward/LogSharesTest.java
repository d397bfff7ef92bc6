package io.sluice.acceptor.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogSharesTest {

  private static final long MOST = 1 << 20;

  @Test
  void onlyLogMayHaveAll() {
    LogShares shares = new LogShares(1, MOST);
    for (int i = 0; i < 100; i++) {
      assertThat(shares.take(0, MOST)).isTrue();
    }
  }

  /** Three quarters let requests in: half of them is what logs have for sure. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 9, 64})
  void logsThatHangLeaveTheOthersTheirShare(int logs) {
    for (int hanging = 1; hanging < logs; hanging++) {
      Random random = new Random(hanging);
      LogShares shares = new LogShares(logs, MOST);
      long held = 0;
      int refused = 0;
      while (refused < 100) {
        long bytes = 1 + random.nextInt(1 << 10);
        if (shares.take(random.nextInt(hanging), bytes)) {
          held += bytes;
        } else {
          refused++;
        }
      }
      long share = MOST / 8 * 3 / logs;
      assertThat(held).isLessThanOrEqualTo(MOST / 8 * 3 + hanging * share);
      assertThat(shares.take(logs - 1, share / 2)).isTrue();
      assertThat(shares.take(logs - 1, share / 2)).isTrue();
    }
  }

  @Test
  void whatIsGivenBackIsFree() {
    LogShares shares = new LogShares(3, MOST);
    for (int i = 0; i < 10; i++) {
      assertThat(shares.take(0, MOST / 2)).isTrue();
      assertThat(shares.take(0, 1)).isFalse();
      assertThat(shares.take(1, MOST / 8)).isTrue();
      shares.giveBack(0, MOST / 2);
      assertThat(shares.take(0, 1)).isTrue();
      shares.giveBack(0, 1);
      shares.giveBack(1, MOST / 8);
    }
  }

  @Test
  void batchLargerThanAShareIsTakenAlone() {
    LogShares shares = new LogShares(3, MOST);
    assertThat(shares.take(0, MOST)).isTrue();
    assertThat(shares.take(1, MOST)).isTrue();
    assertThat(shares.take(1, 1)).isFalse();
  }
}
