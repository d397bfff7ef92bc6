package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.schema.table.Signal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How fresh a following read is, and what flushes do to it and to acks: at half of what this
 * machine takes in turn with what is persisted anyway and with one flush after the other, and at
 * full load.
 */
final class FreshFigure implements Figure {

  /** Times as long as others warm up: compilers take a third of two processors until then. */
  private static final double WARM = 2;

  private static final double HALF = 0.5;
  private static final double FRESH_AT_HALF = 20;
  private static final double FRESH_AT_FULL = 100;
  private static final double SLOWER_BY_FLUSHES = 1.5;
  private static final double MOST_SECONDS = 60;

  /** p99 in ms of each round: from arrival to readable, and of acks. */
  private record Side(List<Double> fresh, List<Double> acks) {
    Side() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  @Override
  public String name() {
    return "fresh";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    double seconds = Math.min(effort.endToEndSeconds(), MOST_SECONDS);
    Side calm = new Side();
    Side flushed = new Side();
    Side full = new Side();
    int flushes = 0;
    double rate;
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      BoxLoad load = new BoxLoad(box);
      load.traces(0, WARM * effort.endToEndWarmupSeconds());
      rate = HALF * load.traces(0, seconds).recordsPerSecond();
      for (int i = 0; i < effort.endToEndRounds(); i++) {
        load.settle();
        round(box, load, rate, seconds, calm);
        load.settle();
        try (FlushLoop loop = new FlushLoop(box.flight())) {
          round(box, load, rate, seconds, flushed);
          flushes += loop.done();
        }
        load.settle();
        round(box, load, 0, seconds, full);
      }
      box.stop();
    }
    String at =
        String.format(Locale.ROOT, "at %,.0f spans/s, all audited; ms of each round: ", rate);
    return List.of(
        Ratio.atMost(
            "arrival to readable, p99 ms, at half load",
            Rounds.median(calm.fresh()),
            FRESH_AT_HALF,
            at + calm.fresh() + ", acks " + calm.acks()),
        Ratio.atMost(
            "arrival to readable, p99 ms, at half load beside flushes",
            Rounds.median(flushed.fresh()),
            FRESH_AT_HALF,
            at + flushed.fresh() + ", acks " + flushed.acks()),
        Ratio.atMost(
            "arrival to readable, p99 ms, at full load",
            Rounds.median(full.fresh()),
            FRESH_AT_FULL,
            "ms of each round: " + full.fresh() + ", acks " + full.acks()),
        Ratio.atMost(
            "ack p99 at half load, beside flushes / without",
            Rounds.median(flushed.acks()) / Rounds.median(calm.acks()),
            SLOWER_BY_FLUSHES,
            "medians of the rounds above, beside " + flushes + " flushes"));
  }

  private static void round(SluiceBox box, BoxLoad load, double rate, double seconds, Side side)
      throws Exception {
    LoadOptions options = load.options(Signal.TRACES, rate, seconds);
    LoadReport sent;
    try (FollowReader reader = FollowReader.start(box.flight(), options.run())) {
      reader.awaitOpen();
      sent = load.send(options);
      reader.awaitCount(sent.acked());
      side.fresh().add(tenths(reader.latencies().millis(0.99)));
    }
    load.audit(options, sent);
    side.acks().add(tenths(sent.latencies().millis(0.99)));
  }

  private static double tenths(double millis) {
    return Math.round(millis * 10) / 10.0;
  }
}
