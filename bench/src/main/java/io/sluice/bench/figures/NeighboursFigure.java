package io.sluice.bench.figures;

import io.grpc.InsecureChannelCredentials;
import io.sluice.bench.harness.LoadRun;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadCredentials;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.schema.table.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A tenant that sends little and steadily, alone and beside one that sends all it can. */
final class NeighboursFigure implements Figure {

  private static final int QUIET_CONNECTIONS = 16;
  private static final int QUIET_BATCH = 50;
  private static final double QUIET_RATE = 5_000;
  private static final int FLOOD_CONNECTIONS = 64;
  private static final int FLOOD_BATCH = 512;
  private static final long LIMIT = 20_000;
  private static final double MOST_SLOWER = 2;
  private static final Duration LEAD = Duration.ofSeconds(3);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ANSWERS = Duration.ofMinutes(2);

  private long runs;

  @Override
  public String name() {
    return "neighbours";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    return List.of(
        beside(
            effort,
            Files.createDirectory(directory.resolve("limited")),
            List.of("--tenants.records-per-second=" + LIMIT),
            String.format(Locale.ROOT, "%,d spans/s a tenant", LIMIT)),
        beside(effort, Files.createDirectory(directory.resolve("open")), List.of(), "no limit"));
  }

  private Ratio beside(Effort effort, Path directory, List<String> limits, String told)
      throws Exception {
    List<String> flags = new ArrayList<>(List.of("--tenants.from-header=true"));
    flags.addAll(limits);
    try (SluiceBox box =
        new SluiceBox(directory, List.of(), SluiceBox.Wiring.SHIPPED.accepting(flags))) {
      box.start();
      CheckedLoad quiet = load(box, "quiet");
      CheckedLoad noisy = load(box, "noisy");
      quiet.run(quiet(box, effort.endToEndWarmupSeconds()));
      noisy.run(flood(box, Duration.ofMillis((long) (effort.endToEndWarmupSeconds() * 1_000))));
      List<Double> slower = new ArrayList<>();
      List<String> sides = new ArrayList<>();
      for (int i = 0; i < effort.endToEndRounds(); i++) {
        quiet.settle();
        LoadReport alone = measured(quiet, quiet(box, effort.endToEndSeconds()));
        LoadOptions options =
            flood(box, LEAD.plusMillis((long) (2 * effort.endToEndSeconds() * 1_000)));
        LoadReport beside;
        LoadReport flood;
        LoadOptions measured = quiet(box, effort.endToEndSeconds());
        try (LoadRun run = noisy.start(options)) {
          run.awaitFirstAck();
          beside = quiet.send(measured);
          run.finish();
          flood = run.report();
        }
        quiet.audit(measured, beside);
        noisy.audit(options, flood);
        slower.add(beside.latencies().millis(0.99) / alone.latencies().millis(0.99));
        sides.add(
            String.format(
                Locale.ROOT,
                "p50 %.1f / %.1f, p99 %.1f / %.1f ms, flood %,.0f spans/s taken, %,d refused",
                beside.latencies().millis(0.5),
                alone.latencies().millis(0.5),
                beside.latencies().millis(0.99),
                alone.latencies().millis(0.99),
                flood.recordsPerSecond(),
                flood.retries()));
      }
      box.stop();
      return Ratio.atMost(
          String.format(
              Locale.ROOT,
              "a tenant's ack p99 beside one that floods / alone (%s; %,.0f spans/s beside %d"
                  + " connections at full speed)",
              told,
              QUIET_RATE,
              FLOOD_CONNECTIONS),
          Rounds.median(slower),
          MOST_SLOWER,
          "all audited; beside / alone of each round: " + sides);
    }
  }

  private static CheckedLoad load(SluiceBox box, String tenant) {
    Map<String, String> headers = Map.of("x-scope-orgid", tenant);
    return new CheckedLoad(
        box, new LoadCredentials(InsecureChannelCredentials.create(), null, headers), tenant);
  }

  private static LoadReport measured(CheckedLoad load, LoadOptions options) throws Exception {
    LoadReport report = load.send(options);
    load.audit(options, report);
    return report;
  }

  private LoadOptions quiet(SluiceBox box, double seconds) {
    Duration length = Duration.ofMillis((long) (seconds * 1_000));
    return options(box, QUIET_RATE, QUIET_CONNECTIONS, QUIET_BATCH, length);
  }

  private LoadOptions flood(SluiceBox box, Duration length) {
    return options(box, 0, FLOOD_CONNECTIONS, FLOOD_BATCH, length);
  }

  private LoadOptions options(
      SluiceBox box, double rate, int connections, int batch, Duration length) {
    long run = ++runs;
    return new LoadOptions(
        Set.of(Signal.TRACES),
        rate,
        length,
        Long.MAX_VALUE,
        connections,
        false,
        box.grpc(),
        run,
        run,
        batch,
        box.directory().resolve("acks-" + run),
        false,
        TIMEOUT,
        ANSWERS);
  }
}
