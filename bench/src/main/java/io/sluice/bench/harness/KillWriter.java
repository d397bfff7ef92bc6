package io.sluice.bench.harness;

import io.sluice.bench.load.LoadOptions;
import java.util.random.RandomGenerator;

/** {@code kill -9} of the Writer at a random moment of the load, and its restart. */
public final class KillWriter implements Scenario {

  private static final double LATEST = 0.9;

  @Override
  public String name() {
    return "kill-writer";
  }

  @Override
  public String run(SluiceBox box, LoadOptions load, RandomGenerator random) throws Exception {
    long after = random.nextLong(1, (long) (load.length().toMillis() * LATEST));
    long away = random.nextLong(1_000);
    Thread.sleep(after);
    box.writer().kill();
    Thread.sleep(away);
    long restarted = System.nanoTime();
    box.writer().start();
    box.writer().awaitReady();
    return "killed after %d ms, away %d ms, ready after %d ms"
        .formatted(after, away, (System.nanoTime() - restarted) / 1_000_000);
  }
}
