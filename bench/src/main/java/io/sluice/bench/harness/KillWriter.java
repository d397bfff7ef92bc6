package io.sluice.bench.harness;

import io.sluice.bench.audit.Ledger;
import io.sluice.bench.load.LoadOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * {@code kill -9} of the Writer at a random moment after the first ack, and its restart; in every
 * other round flushes run, so that it is also killed while it commits.
 */
public final class KillWriter implements Scenario {

  private static final long POLL_MILLIS = 5;
  private static final long LONGEST_AWAY_MILLIS = 1_000;

  @Override
  public String name() {
    return "kill-writer";
  }

  @Override
  public String run(SluiceBox box, LoadOptions load, RandomGenerator random) throws Exception {
    if (random.nextBoolean()) {
      return kill(box, load, random);
    }
    try (Flushes flushes = new Flushes(box.flight(), random)) {
      return kill(box, load, random) + ", " + flushes.done() + " flushes";
    }
  }

  private static String kill(SluiceBox box, LoadOptions load, RandomGenerator random)
      throws Exception {
    long after = random.nextLong(load.length().toMillis());
    long away = random.nextLong(LONGEST_AWAY_MILLIS);
    awaitFirstAck(Objects.requireNonNull(load.audit(), "the load has no audit file"));
    Thread.sleep(after);
    box.writer().kill();
    Thread.sleep(away);
    long restarted = System.nanoTime();
    box.writer().start();
    box.writer().awaitReady();
    return "killed %d ms after the first ack, away %d ms, ready after %d ms"
        .formatted(after, away, (System.nanoTime() - restarted) / 1_000_000);
  }

  /** Returns when something was acked, so that there is something to lose. */
  static void awaitFirstAck(Path acks) throws Exception {
    while (!Files.exists(acks) || Files.size(acks) == 0 || Ledger.read(acks).ackedRecords() == 0) {
      Thread.sleep(POLL_MILLIS);
    }
  }
}
