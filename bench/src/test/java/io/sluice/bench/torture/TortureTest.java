package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@link ShortTorture} on a box as it is; apart from the other one, so that both run at once. */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class TortureTest {

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void whatWasAckedIsThereOnceAfterEveryKindOfFault() throws Exception {
    Verdict verdict = ShortTorture.run(directory, null);
    assertThat(verdict.done())
        .containsAll(
            ShortTorture.allBut(FaultKind.DISK_FULL /* needs root */, FaultKind.STORE_RESET));
  }
}
