package io.sluice.bench.figures;

import io.sluice.bench.figures.FlatPoint.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a record costs where one thing is more, as an SVG: to the left times as much of it, each
 * line alone, to the right hours of flushes. Readable on light and dark pages. Text of its own,
 * with no library: a line, a mark and a label are all it has.
 */
final class FlatPicture {

  private static final int WIDTH = 880;
  private static final int HEIGHT = 420;
  private static final int TOP = 70;
  private static final int BOTTOM = 350;
  private static final int LEFT = 70;
  private static final int LEFT_END = 560;
  private static final int RIGHT = 640;
  private static final int RIGHT_END = 850;
  private static final double LEAST_TOP = 1.5;
  private static final double STEP = 0.25;
  private static final int MARK = 5;
  private static final List<Integer> TIMES = List.of(1, 2, 4, 8, 16, 32, 64);
  private static final String HEAD =
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" \
      font-family="sans-serif" font-size="13">
      <title>What a span costs, times what a plain load's costs</title>
      <style>
      text { fill: #24292f } .axis { stroke: #57606a } .grid { stroke: #8c959f; stroke-opacity: .35 }
      .asked { stroke: #cf222e; stroke-dasharray: 6 4 } .noise { fill: #8c959f; fill-opacity: .22 }
      .line { fill: none; stroke-width: 2 }
      .CONNECTIONS { stroke: #0969da } .TENANTS { stroke: #bf3989 } .SERVICES { stroke: #1a7f37 }
      .VALUES { stroke: #9a6700 } .AMOUNT { stroke: #8250df } .HOURS { stroke: #0969da }
      @media (prefers-color-scheme: dark) {
      text { fill: #d0d7de } .axis { stroke: #8c959f } .asked { stroke: #ff7b72 }
      .CONNECTIONS { stroke: #58a6ff } .TENANTS { stroke: #f778ba } .SERVICES { stroke: #3fb950 }
      .VALUES { stroke: #d29922 } .AMOUNT { stroke: #bc8cff } .HOURS { stroke: #58a6ff }
      }
      </style>
      """;

  private final List<FlatPoint> points;
  private final double top;
  private final double last;
  private final StringBuilder svg = new StringBuilder();

  private FlatPicture(List<FlatPoint> points, double highest) {
    this.points = points;
    double most = points.stream().mapToDouble(FlatPoint::ratio).max().orElse(1);
    this.top = Math.ceil(Math.max(LEAST_TOP, 1.02 * Math.max(most, highest)) / STEP) * STEP;
    this.last =
        points.stream()
            .filter(point -> point.line() == Line.HOURS)
            .mapToDouble(FlatPoint::times)
            .max()
            .orElse(1);
  }

  /**
   * The picture's text.
   *
   * @param lowest and
   * @param highest of the plain load's costs, times their median: the noise
   */
  static String of(List<FlatPoint> points, double lowest, double highest) {
    FlatPicture picture = new FlatPicture(points, highest);
    picture.draw(lowest, highest);
    return picture.svg.toString();
  }

  private void draw(double lowest, double highest) {
    add(HEAD, WIDTH, HEIGHT);
    panel(LEFT, LEFT_END, lowest, highest);
    panel(RIGHT, RIGHT_END, lowest, highest);
    for (int times : TIMES) {
      tick(log(times), "×" + times);
    }
    for (int quarter = 0; quarter <= 4; quarter++) {
      double hours = last * quarter / 4;
      tick(hour(hours), String.format(Locale.ROOT, hours % 1 == 0 ? "%.0f" : "%.1f", hours));
    }
    label((LEFT + LEFT_END) / 2.0, BOTTOM + 42, "middle", "times as much of one thing");
    label((RIGHT + RIGHT_END) / 2.0, BOTTOM + 42, "middle", "hours of flushes, one a minute");
    add(
        "<text transform=\"rotate(-90)\" x=\"%d\" y=\"22\" text-anchor=\"middle\">CPU a span / plain load</text>%n",
        -(TOP + BOTTOM) / 2);
    label(LEFT + 8, y(FlatPoint.MOST) - 6, "start", "asked: ≤ " + FlatPoint.MOST);
    legend();
    for (Line line : Line.values()) {
      line(line);
    }
    add("</svg>%n");
  }

  private void panel(int from, int to, double lowest, double highest) {
    add(
        "<rect class=\"noise\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>%n",
        from, y(highest), to - from, y(lowest) - y(highest));
    for (double at = 0; at <= top + STEP / 2; at += STEP) {
      stroke(at == 0 ? "axis" : "grid", from, y(at), to, y(at));
      label(from - 8, y(at) + 4, "end", String.format(Locale.ROOT, "%.2f", at));
    }
    stroke("axis", from, TOP, from, BOTTOM);
    stroke("asked", from, y(FlatPoint.MOST), to, y(FlatPoint.MOST));
  }

  private void tick(double x, String text) {
    stroke("axis", x, BOTTOM, x, BOTTOM + 5);
    label(x, BOTTOM + 20, "middle", text);
  }

  private void legend() {
    double x = LEFT;
    for (Line line : Line.values()) {
      if (line != Line.HOURS) {
        mark(line, x, 20);
        label(x + 10, 24, "start", line.label());
        x += 34 + 7.2 * line.label().length();
      }
    }
    add("<rect class=\"noise\" x=\"%d\" y=\"36\" width=\"12\" height=\"12\"/>%n", LEFT - 6);
    label(LEFT + 10, 46, "start", "the plain load, measured again between all others");
  }

  private void line(Line line) {
    List<double[]> all = new ArrayList<>();
    all.add(new double[] {line == Line.HOURS ? hour(0) : log(1), y(1)});
    for (FlatPoint point : points) {
      if (point.line() == line) {
        double x = line == Line.HOURS ? hour(point.times()) : log(point.times());
        all.add(new double[] {x, y(point.ratio())});
      }
    }
    if (all.size() == 1) {
      return;
    }
    StringBuilder path = new StringBuilder();
    for (double[] at : all) {
      path.append(String.format(Locale.ROOT, " %.1f,%.1f", at[0], at[1]));
    }
    add("<polyline class=\"line %s\" points=\"%s\"/>%n", line.name(), path.substring(1));
    all.forEach(at -> mark(line, at[0], at[1]));
  }

  /** A shape of each line's own, for those who do not tell colours apart. */
  private void mark(Line line, double x, double y) {
    String shape =
        switch (line) {
          case CONNECTIONS, HOURS -> "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0";
          case TENANTS -> "m-5 -5h10v10h-10z";
          case SERVICES -> "m0 -6l6 11h-12z";
          case VALUES -> "m0 -6l6 6l-6 6l-6 -6z";
          case AMOUNT -> "m-5 -5l10 10m-10 0l10 -10";
        };
    add("<path class=\"line %s\" d=\"M%.1f %.1f%s\"/>%n", line.name(), x, y, shape);
  }

  private double y(double ratio) {
    return BOTTOM - (BOTTOM - TOP) * ratio / top;
  }

  private static double log(double times) {
    double end = Math.log(TIMES.get(TIMES.size() - 1));
    return LEFT + (LEFT_END - LEFT - 2 * MARK) * Math.log(times) / end;
  }

  private double hour(double hours) {
    return RIGHT + (RIGHT_END - RIGHT - 2 * MARK) * hours / last;
  }

  private void stroke(String kind, double x, double y, double toX, double toY) {
    add(
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
        kind, x, y, toX, toY);
  }

  private void label(double x, double y, String anchor, String text) {
    add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text);
  }

  private void add(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments).replace("\r", ""));
  }
}
