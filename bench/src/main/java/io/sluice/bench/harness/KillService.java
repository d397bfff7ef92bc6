package io.sluice.bench.harness;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * {@code kill -9} of a service at a random moment after the first ack, and its restart; in half of
 * the rounds flushes run, so that a Writer is also killed while it commits, and in a third it is
 * killed once more while it starts: while a Writer replays.
 */
public final class KillService implements Scenario {

  private static final long LONGEST_AWAY_MILLIS = 1_000;
  private static final long LONGEST_REPLAY_MILLIS = 500;
  private static final int ONE_IN_AGAIN = 3;
  private static final Duration OVERTIME = Duration.ofMinutes(5);
  private static final long POLL_MILLIS = 20;

  private final String name;
  private final Function<SluiceBox, ServiceProcess> victim;

  private KillService(String name, Function<SluiceBox, ServiceProcess> victim) {
    this.name = name;
    this.victim = victim;
  }

  /** What it acked and had in memory only must come back from its log. */
  public static KillService writer() {
    return new KillService("kill-writer", SluiceBox::writer);
  }

  /** Clients that got no answer send again over new connections; the Writer knows the repeats. */
  public static KillService acceptor() {
    return new KillService("kill-acceptor", SluiceBox::acceptor);
  }

  @Override
  public String name() {
    return name;
  }

  /** The load goes on until what was killed has acked again, however long it takes to start. */
  @Override
  public Duration overtime() {
    return OVERTIME;
  }

  @Override
  public String run(SluiceBox box, LoadRun load, RandomGenerator random) throws Exception {
    boolean again = random.nextInt(ONE_IN_AGAIN) == 0;
    if (random.nextBoolean()) {
      return kill(victim.apply(box), load, again, random);
    }
    try (Flushes flushes = new Flushes(box.flight(), new SplittableRandom(random.nextLong()))) {
      return kill(victim.apply(box), load, again, random) + ", " + flushes;
    }
  }

  private static String kill(
      ServiceProcess service, LoadRun load, boolean again, RandomGenerator random)
      throws Exception {
    Duration asked = load.options().length().minus(OVERTIME);
    long after = random.nextLong(asked.toMillis());
    long away = random.nextLong(LONGEST_AWAY_MILLIS);
    load.awaitFirstAck();
    Deadline least = Deadline.in(asked, Duration.ZERO);
    Thread.sleep(after);
    service.kill();
    Thread.sleep(away);
    String told = "killed %d ms after the first ack, away %d ms".formatted(after, away);
    if (again) {
      told += killStarting(service, random);
    }
    long restarted = System.nanoTime();
    service.startAgain();
    long ready = System.nanoTime() - restarted;
    load.awaitAckBeyond(load.acked());
    while (!least.hasPassed()) {
      load.check();
      Thread.sleep(POLL_MILLIS);
    }
    load.finish();
    return "%s, ready after %d ms".formatted(told, ready / 1_000_000);
  }

  /** Replay begins when the service answers, and may be over before the moment has come. */
  private static String killStarting(ServiceProcess service, RandomGenerator random)
      throws Exception {
    long moment = random.nextLong(LONGEST_REPLAY_MILLIS);
    boolean ready;
    service.start();
    try {
      service.awaitAnswering();
      ready = service.isReadyWithin(Duration.ofMillis(moment));
    } catch (PortTakenException e) {
      return ", not killed again: somebody had its port";
    }
    service.kill();
    return ready
        ? ", killed again when it was ready"
        : ", killed again %d ms into its start, not ready".formatted(moment);
  }
}
