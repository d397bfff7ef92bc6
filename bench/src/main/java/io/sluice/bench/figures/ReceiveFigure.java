package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the Acceptor takes of processors by each door, at one rate far below the peak: gRPC, HTTP,
 * and both compressed, in turn.
 */
final class ReceiveFigure implements Figure {

  /** Times as long as others warm up: until then the compilers have a third of the processors. */
  private static final double WARM = 2;

  private static final double RATE = 40_000;
  private static final double DEARER = 1.2;
  private static final double SLOWER = 0.8;
  private static final double BESIDE_THE_LIBRARY = 1.3;

  /** A door, and what it took: nanoseconds of the Acceptor a span, spans a second at most. */
  private record Door(
      String name, boolean http, boolean gzip, List<Double> nanos, List<Double> rates) {
    static Door of(String name, boolean http, boolean gzip) {
      return new Door(name, http, gzip, new ArrayList<>(), new ArrayList<>());
    }
  }

  @Override
  public String name() {
    return "receive";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    Door grpc = Door.of("gRPC", false, false);
    Door http = Door.of("HTTP", true, false);
    Door gzipGrpc = Door.of("gRPC, gzip", false, true);
    Door gzipHttp = Door.of("HTTP, gzip", true, true);
    List<Door> doors = List.of(grpc, http, gzipGrpc, gzipHttp);
    double seconds = effort.endToEndSeconds();
    List<Double> library = new ArrayList<>();
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      BoxLoad load = new BoxLoad(box);
      for (Door door : doors) {
        load.traces(door.http(), door.gzip(), 0, WARM * effort.endToEndWarmupSeconds());
      }
      for (int i = 0; i < effort.endToEndRounds(); i++) {
        for (Door door : doors) {
          load.settle();
          Duration before = box.acceptor().cpu();
          LoadReport report = load.traces(door.http(), door.gzip(), RATE, seconds);
          long took = box.acceptor().cpu().minus(before).toNanos();
          door.nanos().add((double) took / report.acked());
        }
        for (Door door : List.of(grpc, http)) {
          door.rates().add(load.traces(door.http(), door.gzip(), 0, seconds).recordsPerSecond());
        }
        library.add(Inflating.nanosPerSpan(effort.seconds()));
      }
      box.stop();
    }
    return List.of(
        Ratio.atMost(
            "Acceptor's CPU a span, HTTP / gRPC",
            ratio(http.nanos(), grpc.nanos()),
            DEARER,
            told(doors)),
        Ratio.atLeast(
            "accepted at full speed, HTTP / gRPC",
            ratio(http.rates(), grpc.rates()),
            SLOWER,
            String.format(
                Locale.ROOT,
                "%,.0f / %,.0f spans/s, with the load's own work on the same cores (HTTP: the JDK's"
                    + " client)",
                Rounds.median(http.rates()),
                Rounds.median(grpc.rates()))),
        Ratio.atMost(
            "CPU that gzip adds a span / the library's alone",
            Rounds.median(added(gzipHttp, http)) / Rounds.median(library),
            BESIDE_THE_LIBRARY,
            String.format(
                Locale.ROOT,
                "by HTTP %.0f, by gRPC %.0f / %.0f ns (java.util.zip.Inflater and CRC32)",
                Rounds.median(added(gzipHttp, http)),
                Rounds.median(added(gzipGrpc, grpc)),
                Rounds.median(library))));
  }

  private static double ratio(List<Double> ours, List<Double> reference) {
    Rounds rounds = new Rounds();
    for (int i = 0; i < ours.size(); i++) {
      rounds.add(ours.get(i), reference.get(i));
    }
    return rounds.ratio();
  }

  private static List<Double> added(Door gzip, Door plain) {
    List<Double> added = new ArrayList<>();
    for (int i = 0; i < gzip.nanos().size(); i++) {
      added.add(gzip.nanos().get(i) - plain.nanos().get(i));
    }
    return added;
  }

  private static String told(List<Door> doors) {
    StringBuilder told = new StringBuilder();
    for (Door door : doors) {
      told.append(
          String.format(
              Locale.ROOT,
              "%s%s %.0f ns",
              told.isEmpty() ? "" : "; ",
              door.name(),
              Rounds.median(door.nanos())));
    }
    return told.append(String.format(Locale.ROOT, ", at %,.0f spans/s", RATE)).toString();
  }
}
