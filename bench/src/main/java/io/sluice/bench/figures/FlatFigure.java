package io.sluice.bench.figures;

import io.sluice.bench.figures.FlatLoad.Kind;
import io.sluice.bench.figures.FlatPoint.Line;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.record.Variety;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a record costs in CPU time of Acceptor and Writer, from its request until it is in a file,
 * at a rate far below the peak: of a plain load, and where one thing is more. The plain load is
 * measured again after each, so that the machine's noise shows.
 */
final class FlatFigure implements Figure {

  private static final int MORE = 10;

  /** A file of each tenant has to be as large as the policy of sealing would make it. */
  private static final int TENANTS_LONGER = 4;

  /** One a minute. */
  private static final int FLUSHES = 1_440;

  private static final int FLUSHES_AN_HOUR = 60;

  @Override
  public String name() {
    return "flat";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    SluiceBox.Wiring wiring =
        SluiceBox.Wiring.SHIPPED.accepting(List.of("--tenants.from-header=true"));
    try (SluiceBox box = new SluiceBox(directory, List.of(), wiring);
        FlatLoad load = started(box)) {
      double seconds = effort.endToEndSeconds();
      load.warm(effort.endToEndWarmupSeconds());
      load.cost(new Kind(1, 64, Variety.PLAIN), effort.endToEndWarmupSeconds());
      load.cost(Kind.PLAIN, effort.endToEndWarmupSeconds());
      Run run = new Run(load, seconds);
      for (int connections : List.of(2, 4, 8)) {
        run.add(Line.CONNECTIONS, connections, new Kind(connections, 1, Variety.PLAIN), 1);
      }
      run.add(Line.SERVICES, MORE, new Kind(1, 1, new Variety(MORE, 1)), 1);
      run.add(Line.VALUES, MORE, new Kind(1, 1, new Variety(1, MORE)), 1);
      for (int tenants : List.of(4, 16, 64)) {
        run.add(Line.TENANTS, tenants, new Kind(1, tenants, Variety.PLAIN), TENANTS_LONGER);
      }
      run.add(Line.AMOUNT, MORE, Kind.PLAIN, MORE);
      run.day(Math.min(FLUSHES, effort.commits()));
      Memory memory = Memory.of(box);
      load.audit();
      box.stop();
      List<Ratio> ratios = new ArrayList<>(run.rows());
      ratios.add(memory.acceptor());
      ratios.add(memory.writer());
      if (effort.picture() != null) {
        Files.writeString(effort.picture(), run.picture());
      }
      return ratios;
    }
  }

  private static FlatLoad started(SluiceBox box) throws Exception {
    box.start();
    return new FlatLoad(box);
  }

  /** Points and the plain loads between them. */
  private static final class Run {

    private final FlatLoad load;
    private final double seconds;
    private final List<Cost> plain = new ArrayList<>();
    private final List<FlatPoint> points = new ArrayList<>();

    Run(FlatLoad load, double seconds) throws Exception {
      this.load = load;
      this.seconds = seconds;
      plain();
    }

    private Cost plain() throws Exception {
      Cost cost = load.cost(Kind.PLAIN, seconds);
      plain.add(cost);
      return cost;
    }

    void add(Line line, double times, Kind kind, int longer) throws Exception {
      Cost before = plain.get(plain.size() - 1);
      Cost cost = load.cost(kind, longer * seconds);
      points.add(new FlatPoint(line, times, cost, before, plain()));
    }

    /** Nothing comes after it that would not have the day behind it. */
    void day(int flushes) throws Exception {
      Cost before = plain.get(plain.size() - 1);
      int quarter = flushes / 4;
      for (int done : List.of(quarter, flushes)) {
        load.flushes(done == quarter ? quarter : flushes - quarter);
        Cost cost = load.cost(Kind.PLAIN, seconds);
        points.add(
            new FlatPoint(Line.HOURS, (double) done / FLUSHES_AN_HOUR, cost, before, before));
      }
    }

    private List<Double> sorted() {
      return plain.stream().map(Cost::micros).sorted().toList();
    }

    String picture() {
      List<Double> all = sorted();
      double median = Rounds.median(all);
      return FlatPicture.of(points, all.get(0) / median, all.get(all.size() - 1) / median);
    }

    List<Ratio> rows() {
      List<Ratio> rows = new ArrayList<>();
      List<Double> all = sorted();
      rows.add(
          Ratio.plain(
              "cost of a span, plain, µs",
              Rounds.median(all),
              String.format(
                  Locale.ROOT,
                  "CPU time of Acceptor and Writer until it is in a file; %d times, %.2f to %.2f",
                  all.size(),
                  all.get(0),
                  all.get(all.size() - 1))));
      points.forEach(point -> rows.add(point.row()));
      return rows;
    }
  }
}
