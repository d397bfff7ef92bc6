package io.sluice.bench.harness;

import io.sluice.bench.audit.Audit;
import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One round: load, a scenario beside it, the audit after it. */
public final class Round {

  private static final Duration SCENARIO = Duration.ofMinutes(10);
  private static final Duration AUDIT = Duration.ofMinutes(10);
  private static final long POLL_MILLIS = 100;

  private final SluiceBox box;
  private final Scenario scenario;

  /**
   * What came of it.
   *
   * @param ledgers which of the services' do not add up, a sentence each
   */
  public record Outcome(String told, LoadReport load, AuditResult audit, List<String> ledgers) {

    /** What is not as it must be, a sentence each. */
    public List<String> faults() {
      List<String> faults = new ArrayList<>(ledgers);
      if (load.refused() > 0) {
        faults.add("%d records were refused: %s".formatted(load.refused(), load.lastError()));
      }
      if (load.unknown() > 0) {
        faults.add(
            "%d records were never answered: %s".formatted(load.unknown(), load.lastError()));
      }
      if (!audit.clean()) {
        faults.add("the audit is not clean: " + audit);
        audit.offenders().forEach(offender -> faults.add(offender.toString()));
      }
      if (audit.acked() != load.acked()) {
        faults.add("%d records noted as acked, %d acked".formatted(audit.acked(), load.acked()));
      }
      return faults;
    }
  }

  public Round(SluiceBox box, Scenario scenario) {
    this.box = box;
    this.scenario = scenario;
  }

  /**
   * The audit is of this round's records alone.
   *
   * @param options with an audit file of its own
   * @throws java.io.IOException something does not end in time, or a service ended by itself
   */
  public Outcome run(LoadOptions options, RandomGenerator random) throws Exception {
    LoadOptions lengthened = options.lasting(options.length().plus(scenario.overtime()));
    try (LoadRun load = LoadRun.start(lengthened);
        Beside<String> running =
            Beside.start(scenario.name(), () -> scenario.run(box, load, random))) {
      String told = scenario(running, load);
      LoadReport report = load.report();
      box.requireRunning();
      try (Beside<AuditResult> audit =
          Beside.start("audit", () -> Audit.run(List.of(load.acks()), box.target()))) {
        AuditResult audited = audit.await(Deadline.in(AUDIT, Duration.ZERO), "the audit's end");
        return new Outcome(told, report, audited, ledgers());
      }
    }
  }

  private List<String> ledgers() throws Exception {
    try (ServiceLedgers ledgers = new ServiceLedgers(box.flights(), box.acceptorStatus())) {
      List<String> faults = new ArrayList<>(ledgers.writers());
      faults.addAll(ledgers.acceptor());
      return faults;
    }
  }

  /** A load that fails ends the round at once, whatever the scenario waits for. */
  private String scenario(Beside<String> running, LoadRun load) throws Exception {
    Deadline end = Deadline.in(load.options().length(), SCENARIO);
    while (true) {
      @Nullable String told = running.poll();
      if (told != null) {
        return told;
      }
      load.check();
      end.check("the end of scenario " + scenario.name());
      Thread.sleep(POLL_MILLIS);
    }
  }
}
