package io.sluice.bench.torture;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * What was done when, what was found wrong, and the lines that tell so while it runs. Any thread
 * may use it.
 */
final class FaultLog {

  private static final int TOLD = 20;

  private final PrintStream out;
  private final long began = System.nanoTime();
  private final List<Entry> entries = new ArrayList<>(); // guarded by this
  private final List<String> findings = new ArrayList<>(); // guarded by this
  private final Map<FaultKind, String> notRun = new EnumMap<>(FaultKind.class); // guarded by this
  private volatile LongSupplier acked = () -> 0;

  /** A fault that was begun; {@code end} is 0 while it is on. */
  private static final class Entry {
    final FaultKind kind;
    final long begin = System.nanoTime();
    long end;

    Entry(FaultKind kind) {
      this.kind = kind;
    }
  }

  FaultLog(PrintStream out) {
    this.out = out;
  }

  /** What its lines say of the load. */
  void counting(LongSupplier ackedRecords) {
    acked = ackedRecords;
  }

  void say(String what) {
    out.printf(
        Locale.ROOT,
        "%7.1f s  %,10d acked  %s%n",
        (System.nanoTime() - began) / 1e9,
        acked.getAsLong(),
        what);
  }

  /** Does it, noting its begin and its end. */
  void during(PlannedFault planned, Fault fault, Fault.Lasting lasting) throws Exception {
    Entry entry = new Entry(planned.kind());
    synchronized (this) {
      entries.add(entry);
    }
    say("begin %s (%.1f s)".formatted(planned.kind(), planned.length().toMillis() / 1e3));
    try {
      fault.strike(planned, lasting);
    } finally {
      synchronized (this) {
        entry.end = System.nanoTime();
      }
      say("end   " + planned.kind());
    }
  }

  /** Something is not as it must be. */
  void found(String what) {
    synchronized (this) {
      findings.add(what);
    }
    say("WRONG: " + what);
  }

  /** It is planned, and not done. */
  synchronized void notRun(FaultKind kind, String why) {
    notRun.put(kind, why);
  }

  synchronized List<String> findings() {
    return findings.size() <= TOLD ? List.copyOf(findings) : List.copyOf(findings.subList(0, TOLD));
  }

  /** Which were on at any time between the two, by System.nanoTime. */
  synchronized Set<FaultKind> between(long from, long to) {
    return entries.stream()
        .filter(entry -> entry.begin - to < 0 && (entry.end == 0 || entry.end - from > 0))
        .map(entry -> entry.kind)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** How many faults there were. */
  synchronized int count() {
    return entries.size();
  }

  /** How often each was done; why others were not. */
  synchronized String summary() {
    Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);
    entries.forEach(entry -> counts.merge(entry.kind, 1L, Long::sum));
    StringBuilder text = new StringBuilder("faults: " + counts);
    notRun.forEach((kind, why) -> text.append("%nnot run: %s (%s)".formatted(kind, why)));
    return text.toString();
  }

  synchronized Map<FaultKind, String> notRun() {
    return Map.copyOf(notRun);
  }

  /** Which kinds were done at least once. */
  synchronized Set<FaultKind> done() {
    return between(began, System.nanoTime());
  }
}
