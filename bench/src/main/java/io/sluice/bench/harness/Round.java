package io.sluice.bench.harness;

import io.sluice.bench.audit.Audit;
import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.bench.load.Timing;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/** One round: load, a scenario beside it, the audit after it. */
public final class Round {

  private final SluiceBox box;
  private final Scenario scenario;

  /** What came of it. */
  public record Outcome(String told, LoadReport load, AuditResult audit) {}

  public Round(SluiceBox box, Scenario scenario) {
    this.box = box;
    this.scenario = scenario;
  }

  /**
   * The audit is of this round's records alone.
   *
   * @param load with an audit file of its own
   */
  public Outcome run(LoadOptions load, RandomGenerator random) throws Exception {
    Path acks = Objects.requireNonNull(load.audit(), "the load has no audit file");
    ExecutorService beside = Executors.newSingleThreadExecutor();
    try {
      Future<LoadReport> loading = beside.submit(() -> new Load(load, Timing.system(), null).run());
      String told = scenario.run(box, load, random);
      LoadReport report = loading.get();
      return new Outcome(told, report, Audit.run(List.of(acks), box.target()));
    } finally {
      beside.shutdownNow();
    }
  }
}
