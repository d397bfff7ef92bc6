package io.sluice.bench.hostile;

import java.util.Map;

/**
 * What was done to a box.
 *
 * @param connections slow ones, at most at once
 * @param closed how often the other side closed one
 * @param answers of the shots, by sort and status
 */
public record AttackReport(
    int connections, Map<SlowKind, Integer> closed, Map<String, Map<String, Long>> answers) {

  /** How often the other side closed a slow connection. */
  public long allClosed() {
    return closed.values().stream().mapToLong(count -> count).sum();
  }

  @Override
  public String toString() {
    return "closed %s; shots by answer: %s".formatted(closed, answers);
  }
}
