package io.sluice.writer.sim;

import java.util.Map;
import java.util.TreeMap;

/** How often what has happened, over all runs. */
final class Tally {

  private final long[] faults = new long[Fault.values().length];
  private final Map<String, Long> events = new TreeMap<>();

  void add(Fault fault) {
    faults[fault.ordinal()]++;
  }

  /** Something that is no fault, to see that it happens at all. */
  void add(String event) {
    events.merge(event, 1L, Long::sum);
  }

  long faults() {
    long sum = 0;
    for (long each : faults) {
      sum += each;
    }
    return sum;
  }

  long count(Fault fault) {
    return faults[fault.ordinal()];
  }

  long count(String event) {
    return events.getOrDefault(event, 0L);
  }

  /** One line each. */
  String text() {
    StringBuilder all = new StringBuilder();
    for (Fault fault : Fault.values()) {
      all.append("%,14d  %s%n".formatted(count(fault), fault.what()));
    }
    all.append("%,14d  faults in all%n%n".formatted(faults()));
    events.forEach((event, count) -> all.append("%,14d  %s%n".formatted(count, event)));
    return all.toString();
  }
}
