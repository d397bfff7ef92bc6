package io.sluice.bench.figures;

import io.sluice.acceptor.receive.ReceiveLimits;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.hostile.HostileRun;
import io.sluice.bench.hostile.Phase;
import io.sluice.schema.service.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * What an attack of slow connections, bombs and broken requests costs honest clients beside it:
 * their p99 at most doubles, or stays below 50 ms; nothing of theirs is lost; memory stays in its
 * budget.
 */
final class HostileFigure implements Figure {

  private static final double MILLIS = 50;
  private static final double TIMES = 2;
  private static final double MIB = 1 << 20;

  @Override
  public String name() {
    return "hostile";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      HostileRun.Outcome outcome =
          new HostileRun(box, HostileRun.CONNECTIONS)
              .run(seconds(effort.endToEndWarmupSeconds()), seconds(effort.endToEndSeconds()));
      box.stop();
      return ratios(outcome);
    }
  }

  private static List<Ratio> ratios(HostileRun.Outcome outcome) {
    double without = Math.max(outcome.before().p99Millis(), outcome.after().p99Millis());
    long wrong =
        outcome.audit().lost()
            + outcome.audit().duplicated()
            + outcome.audit().extra()
            + outcome.audit().altered()
            + outcome.phases().stream().mapToLong(Phase::failed).sum();
    long inFlight = most(outcome.phases(), Phase::bytesInFlight);
    long resident = most(outcome.phases(), Phase::residentBytes);
    long budget = ReceiveLimits.from(Settings.defaults()).maxBytesInFlight();
    return List.of(
        Ratio.atMost(
            String.format(
                Locale.ROOT,
                "honest ack p99 ms beside %,d slow connections and bombs",
                outcome.attack().connections()),
            outcome.attacked().p99Millis(),
            bound(without),
            String.join("; ", outcome.phases().stream().map(Phase::toString).toList())),
        Ratio.atMost(
            "honest records refused, unanswered, lost, doubled or altered",
            outcome.audit().acked() > 0 ? wrong : Double.POSITIVE_INFINITY,
            0,
            outcome.audit().toString()),
        Ratio.atMost(
            "request bytes in flight at most, MiB",
            inFlight / MIB,
            budget / MIB,
            "otlp.max-in-flight; none was left at the end"),
        Ratio.atMost(
            "Acceptor's memory at most (RSS), MiB",
            resident / MIB,
            SluiceBox.ACCEPTOR_MEMORY / MIB,
            "its heap and direct memory at their limits"),
        Ratio.plain(
            "slow connections closed by the Acceptor",
            (double) outcome.attack().allClosed(),
            outcome.attack().toString()));
  }

  /** Where requests have no ack without an attack, there is nothing to double. */
  private static double bound(double without) {
    return Double.isInfinite(without) ? MILLIS : Math.max(TIMES * without, MILLIS);
  }

  private static long most(List<Phase> phases, ToLongFunction<Phase> of) {
    return phases.stream().mapToLong(of).max().orElse(0);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1_000));
  }
}
