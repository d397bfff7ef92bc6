package io.sluice.bench.figures;

import java.util.ArrayList;
import java.util.List;

/** Two sides measured in turn: a figure of each round, and the median of their ratios. */
final class Rounds {

  private final List<Double> left = new ArrayList<>();
  private final List<Double> right = new ArrayList<>();

  /** One round's figures. */
  void add(double ours, double reference) {
    left.add(ours);
    right.add(reference);
  }

  double ratio() {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      ratios.add(left.get(i) / right.get(i));
    }
    return median(ratios);
  }

  double ours() {
    return median(left);
  }

  double reference() {
    return median(right);
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
