package io.sluice.bench.hostile;

import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.harness.Deadline;
import io.sluice.bench.harness.SluiceBox;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Honest clients without, with and without an attack beside them, on one box and in one run. What
 * they do before that, warming the box up, does not count. One thread uses it.
 */
public final class HostileRun {

  /** That of a real attack: the issue's. */
  public static final int CONNECTIONS = 2_000;

  private static final Duration IDLE = Duration.ofSeconds(90);
  private static final long POLL_MILLIS = 50;

  private final SluiceBox box;
  private final int connections;
  private final HonestLoad honest;

  /**
   * What came of it.
   *
   * @param attack what was done, and how it was answered
   * @param audit of the honest clients' records, of all phases
   */
  public record Outcome(
      Phase before, Phase attacked, Phase after, AttackReport attack, AuditResult audit) {

    /** In the order of time. */
    public List<Phase> phases() {
      return List.of(before, attacked, after);
    }
  }

  /**
   * @param box running
   * @param connections slow ones
   */
  public HostileRun(SluiceBox box, int connections) {
    this.box = box;
    this.connections = connections;
    this.honest = new HonestLoad(box);
  }

  /**
   * Three phases.
   *
   * @param warmup before them
   * @param phase the length of each
   * @throws IOException so many connections cannot be had, a service ended, or the Acceptor still
   *     holds something for its clients when all of them are gone
   */
  public Outcome run(Duration warmup, Duration phase) throws Exception {
    try (Attack attack = new Attack(box, connections);
        AcceptorWatch watch = new AcceptorWatch(box.acceptorStatus(), box.acceptor().pid())) {
      phase("warm-up", warmup, watch);
      Phase before = phase("without", phase, watch);
      attack.begin();
      Phase attacked = phase("attacked", phase, watch);
      AttackReport told = attack.end();
      Phase after = phase("without again", phase, watch);
      awaitIdle(watch);
      box.requireRunning();
      return new Outcome(before, attacked, after, told, honest.audit());
    }
  }

  private Phase phase(String name, Duration length, AcceptorWatch watch) throws Exception {
    Duration cpu = box.acceptor().cpu();
    long began = System.nanoTime();
    watch.sinceLast();
    try (HonestLoad.Running load = honest.start(length)) {
      var reports = load.reports();
      double seconds = (System.nanoTime() - began) / 1e9;
      double cores = box.acceptor().cpu().minus(cpu).toNanos() / 1e9 / seconds;
      return new Phase(name, reports, watch.sinceLast(), cores);
    }
  }

  /** What was held for those that are gone must be given back. */
  private static void awaitIdle(AcceptorWatch watch) throws Exception {
    Deadline end = Deadline.in(IDLE, Duration.ZERO);
    for (var now = watch.now();
        now.blindLooks() + now.bytesInFlight() + now.requests() > 0;
        now = watch.now()) {
      end.check("an Acceptor without anything in flight (%s)".formatted(now));
      Thread.sleep(POLL_MILLIS);
    }
  }
}
