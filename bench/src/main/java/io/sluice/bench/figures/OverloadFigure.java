package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.schema.table.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Three times as much as the box can take, from many clients at once: it goes on taking what it
 * can, in its memory, tells the others when to come again, and is as before soon after.
 */
final class OverloadFigure implements Figure {

  private static final int TIMES = 3;
  private static final int FEW = 8;
  private static final int MANY = 1_024;
  private static final int BATCH = 512;
  private static final double NORMAL = 0.5;
  private static final double LEAST_OF_PEAK = 0.9;
  private static final double MOST_MILLIS = 10_000; // an SDK waits as long
  private static final double NORMAL_MILLIS = 50;
  private static final Duration SETTLING = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ANSWERS = Duration.ofMinutes(2);

  private long runs;

  @Override
  public String name() {
    return "overload";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      CheckedLoad load = new CheckedLoad(box);
      Duration each = Duration.ofMillis((long) (effort.endToEndSeconds() * 1_000));
      load.run(options(box, 0, FEW, seconds(effort.endToEndWarmupSeconds())));
      LoadReport peak = audited(load, options(box, 0, FEW, each));
      double rate = peak.recordsPerSecond();
      LoadReport before = audited(load, options(box, rate * NORMAL, FEW, each));
      LoadOptions over = options(box, rate * TIMES, MANY, each);
      LoadReport overloaded = load.send(over);
      LoadOptions settling = options(box, rate * NORMAL, FEW, SETTLING);
      LoadReport settled = load.send(settling);
      LoadOptions afterwards = options(box, rate * NORMAL, FEW, each);
      LoadReport after = load.send(afterwards);
      load.audit(over, overloaded);
      load.audit(settling, settled);
      load.audit(afterwards, after);
      Memory memory = Memory.of(box);
      box.stop();
      return ratios(peak, before, overloaded, settled, after, memory);
    }
  }

  private static List<Ratio> ratios(
      LoadReport peak,
      LoadReport before,
      LoadReport over,
      LoadReport settled,
      LoadReport after,
      Memory memory) {
    return List.of(
        Ratio.atLeast(
            "accepted at three times the peak offered / peak",
            over.recordsPerSecond() / peak.recordsPerSecond(),
            LEAST_OF_PEAK,
            told(
                "%,.0f / %,.0f spans/s; %d clients, %,d attempts answered 'come again' (%s)",
                over.recordsPerSecond(),
                peak.recordsPerSecond(),
                MANY,
                over.retries(),
                over.errors())),
        Ratio.atMost(
            "records refused for good or never answered, attempts without a hint",
            (double) (over.refused() + over.unknown() + over.unhinted()),
            0,
            told("%,d acked, all audited: none lost or doubled", over.acked())),
        Ratio.atMost(
            "an answer under overload, p99 ms",
            over.answers().millis(0.99),
            MOST_MILLIS,
            told(
                "p50 %.0f ms, max %.0f ms; from the first attempt to the ack p99 %.0f ms",
                over.answers().millis(0.5),
                over.answers().maxMillis(),
                over.latencies().millis(0.99))),
        Ratio.atMost(
            "ack p99 ms at half of the peak, from 5 s after the overload on",
            after.latencies().millis(0.99),
            Math.max(NORMAL_MILLIS, 2 * before.latencies().millis(0.99)),
            told(
                "before %.1f ms, in the first 5 s %.1f ms; %d requests unsent in them",
                before.latencies().millis(0.99),
                settled.latencies().millis(0.99),
                settled.unsent())),
        memory.acceptor(),
        memory.writer());
  }

  private static LoadReport audited(CheckedLoad load, LoadOptions options) throws Exception {
    LoadReport report = load.send(options);
    load.audit(options, report);
    return report;
  }

  private LoadOptions options(SluiceBox box, double rate, int clients, Duration length) {
    long run = ++runs;
    return new LoadOptions(
        Set.of(Signal.TRACES),
        rate,
        length,
        Long.MAX_VALUE,
        clients,
        false,
        box.grpc(),
        run,
        run,
        BATCH,
        box.directory().resolve("acks-" + run),
        false,
        TIMEOUT,
        ANSWERS);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1_000));
  }

  private static String told(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
