package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many files are kept in reserve. */
@Timeout(60)
final class SparesTest {
  private static final long SEGMENT = 16 << 10;

  @Test
  void aPoolThatKeepsOneSpareComesToRest() throws Exception {
    WalConfig config = new WalConfig(Path.of("simulated"), SEGMENT, 12 * SEGMENT, 4 << 10, 1);
    CrashingStorage storage = new CrashingStorage(new SimulatedDisk());
    DiskBudget budget = new DiskBudget(SEGMENT, 12 * SEGMENT);
    SegmentPool pool =
        new SegmentPool(config, storage, budget, new SegmentList(List.of(begun())), e -> {});
    AtomicInteger forced = new AtomicInteger();
    storage.beforeForce(
        () -> {
          if (forced.incrementAndGet() == 20) {
            pool.stop();
          }
        });
    pool.open();
    pool.makeFirst();
    pool.poke();
    Thread preparing = new Thread(pool);
    preparing.start();
    while (preparing.isAlive() && preparing.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(forced.get()).as("files made").isLessThan(20);
    assertThat(budget.usage().usedBytes()).isEqualTo(SEGMENT);
    pool.stop();
    preparing.join();
  }

  private static Segment begun() {
    return Segment.begun(
        new SegmentHeader(new UUID(1, 2), 1, SEGMENT, 1, 0, 7, 0, SegmentHeader.BYTES));
  }
}
