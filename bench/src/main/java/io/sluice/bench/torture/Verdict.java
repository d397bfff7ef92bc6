package io.sluice.bench.torture;

import io.sluice.bench.audit.AuditResult;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What came of it.
 *
 * @param hot the audit of hot and persisted rows
 * @param persisted the audit after all was persisted
 * @param unavailableSeconds the longest time in which nothing was acked over a protocol
 * @param wholeReads reads beside the faults that gave all rows once; others were refused
 * @param findings what else is not as it must be
 * @param done which kinds of fault there were
 */
public record Verdict(
    AuditResult hot,
    AuditResult persisted,
    double unavailableSeconds,
    int wholeReads,
    List<String> findings,
    Set<FaultKind> done) {

  /** Nothing lost, nothing twice, nothing else wrong. */
  public boolean clean() {
    return hot.clean() && persisted.clean() && findings.isEmpty();
  }

  public long acked() {
    return hot.acked();
  }

  public long lost() {
    return Math.max(hot.lost(), persisted.lost());
  }

  public long duplicated() {
    return Math.max(hot.duplicated(), persisted.duplicated());
  }

  /** The last line. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d acked, %d lost, %d duplicated, longest unavailability %.1f s",
        acked(),
        lost(),
        duplicated(),
        unavailableSeconds);
  }
}
