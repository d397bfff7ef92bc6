package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How accepted spans grow with processors: load, Acceptor and Writer all on one, and all on all, in
 * turn; and with the Acceptor, or the Writer, alone on one and the rest on the others. Wants Linux'
 * {@code taskset}.
 */
final class CoresFigure implements Figure {

  private static final double WARM = 2;

  /** Of what as many processors more would give if nothing were shared. */
  private static final double GROWS = 0.8;

  private static final String FIRST = "0";

  @Override
  public String name() {
    return "cores";
  }

  @Override
  public boolean isFor(Effort effort) {
    return Runtime.getRuntime().availableProcessors() > 1;
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    String all = "0-" + (cores - 1);
    String others = "1-" + (cores - 1);
    long self = ProcessHandle.current().pid();
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      long acceptor = box.acceptor().pid();
      long writer = box.writer().pid();
      BoxLoad load = new BoxLoad(box);
      load.traces(0, WARM * effort.endToEndWarmupSeconds());
      Rounds rounds = new Rounds();
      List<String> apart = new ArrayList<>();
      try {
        for (int i = 0; i < effort.endToEndRounds(); i++) {
          double most = rate(load, effort);
          pin(FIRST, self, acceptor, writer);
          rounds.add(most, rate(load, effort));
          pin(others, self, writer);
          apart.add("Acceptor apart " + told(box, load, effort, cores));
          pin(others, acceptor);
          pin(FIRST, writer);
          apart.add("Writer apart " + told(box, load, effort, cores));
          pin(all, self, acceptor, writer);
        }
      } finally {
        pin(all, self);
      }
      box.stop();
      return List.of(
          Ratio.atLeast(
              "accepted on " + cores + " processors / on one, of " + cores + " times",
              rounds.ratio() / cores,
              GROWS,
              String.format(
                  Locale.ROOT,
                  "%,.0f / %,.0f spans/s, all audited; %s",
                  rounds.ours(),
                  rounds.reference(),
                  apart)));
    }
  }

  private static double rate(BoxLoad load, Effort effort) throws Exception {
    return load.traces(0, effort.endToEndSeconds()).recordsPerSecond();
  }

  private static String told(SluiceBox box, BoxLoad load, Effort effort, int cores)
      throws Exception {
    CpuUse before = CpuUse.of(box, cores);
    LoadOptions options = load.options(Signal.TRACES, 0, effort.endToEndSeconds());
    LoadReport report = load.send(options);
    String use = CpuUse.of(box, cores).since(before);
    load.audit(options, report);
    return String.format(Locale.ROOT, "%,.0f spans/s: %s", report.recordsPerSecond(), use);
  }

  /** All threads of these processes, on these processors only. */
  private static void pin(String processors, long... pids)
      throws IOException, InterruptedException {
    for (long pid : pids) {
      Process taskset =
          new ProcessBuilder("taskset", "-a", "-c", "-p", processors, Long.toString(pid))
              .redirectErrorStream(true)
              .start();
      String said = new String(taskset.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (taskset.waitFor() != 0) {
        throw new IOException("cannot pin process %d: %s".formatted(pid, said));
      }
    }
  }
}
