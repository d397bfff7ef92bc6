package io.sluice.bench.figures;

import io.sluice.bench.harness.ServiceProcess;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where a span's CPU time goes in both services at full speed, and the heap's bytes, from the
 * socket to the file. The services are as they are shipped, warm; the profiler adds a sample a
 * millisecond.
 */
final class ProfileFigure implements Figure {

  /** Times as long as others warm up: compilers are to be done. */
  private static final double WARM = 5;

  private static final String CPU = "event=ctimer,interval=1ms";
  private static final String HEAP = "event=alloc,alloc=256k";

  private static final List<String> SERVICES = List.of("Acceptor", "Writer");

  /** Of all, below which a step is not told by itself. */
  private static final double LEAST = 0.005;

  @Override
  public String name() {
    return "profile";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    Profiler profiler = Profiler.unpack(directory);
    SluiceBox.Wiring wiring = SluiceBox.Wiring.SHIPPED.running(profiler.jvm());
    try (SluiceBox box = new SluiceBox(directory, List.of(), wiring)) {
      box.start();
      BoxLoad load = new BoxLoad(box);
      List<Ratio> ratios = new ArrayList<>();
      load.traces(0, WARM * effort.endToEndWarmupSeconds());
      for (Signal signal : Signal.values()) {
        load.measured(load.options(signal, 0, effort.endToEndWarmupSeconds()));
        time(profiler, box, load, load.options(signal, 0, effort.endToEndSeconds()), ratios);
      }
      heap(profiler, box, load, load.options(Signal.TRACES, 0, effort.endToEndSeconds()), ratios);
      box.stop();
      return ratios;
    }
  }

  private static void time(
      Profiler profiler, SluiceBox box, BoxLoad load, LoadOptions options, List<Ratio> ratios)
      throws Exception {
    List<ServiceProcess> services = List.of(box.acceptor(), box.writer());
    List<Moment> before = new ArrayList<>();
    for (ServiceProcess service : services) {
      profiler.start(service, CPU);
      before.add(Moment.of(service));
    }
    LoadReport report = load.send(options);
    String signal = options.signals().iterator().next().name().toLowerCase(Locale.ROOT);
    for (int i = 0; i < services.size(); i++) {
      Moment after = Moment.of(services.get(i));
      StackSteps steps = steps(profiler, services.get(i), "samples");
      String what = "ns a record of %s, %s".formatted(signal, SERVICES.get(i));
      double acked = report.acked();
      tell(what, after.cpuSince(before.get(i)) / acked, steps, ratios);
      ratios.add(
          Ratio.plain(
              what + ": ready to run, no processor free",
              after.waitedSince(before.get(i)) / acked,
              "beside that, of all threads"));
    }
    load.audit(options, report);
  }

  /** What a service has had of the processors until now, and what it waited for them. */
  private record Moment(Duration cpu, ProcessorWait waits) {
    static Moment of(ServiceProcess service) throws IOException {
      return new Moment(service.cpu(), ProcessorWait.of(service));
    }

    double cpuSince(Moment before) {
      return cpu.minus(before.cpu).toNanos();
    }

    double waitedSince(Moment before) {
      return waits.nanosSince(before.waits);
    }
  }

  private static void heap(
      Profiler profiler, SluiceBox box, BoxLoad load, LoadOptions options, List<Ratio> ratios)
      throws Exception {
    List<ServiceProcess> services = List.of(box.acceptor(), box.writer());
    for (ServiceProcess service : services) {
      profiler.start(service, HEAP);
    }
    LoadReport report = load.send(options);
    for (int i = 0; i < services.size(); i++) {
      StackSteps steps = steps(profiler, services.get(i), "total");
      double each = (double) steps.all() / report.acked();
      tell("heap bytes a span, " + SERVICES.get(i), each, steps, ratios);
    }
    load.audit(options, report);
  }

  private static StackSteps steps(Profiler profiler, ServiceProcess service, String weight)
      throws Exception {
    StackSteps steps = new StackSteps();
    profiler.stop(service, weight).forEach(steps::add);
    return steps;
  }

  /** The whole, then each step's part of it. */
  private static void tell(String what, double whole, StackSteps steps, List<Ratio> ratios) {
    ratios.add(Ratio.plain(what, whole, "all steps below"));
    for (Map.Entry<String, Long> each : steps.heaviestFirst()) {
      double share = (double) each.getValue() / steps.all();
      if (share >= LEAST) {
        ratios.add(
            Ratio.plain(
                what + ": " + each.getKey(),
                whole * share,
                String.format(Locale.ROOT, "%.0f %%", 1e2 * share)));
      }
    }
  }
}
