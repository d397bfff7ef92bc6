package io.sluice.bench.audit;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a comparison found, in records.
 *
 * @param lost acked and not there
 * @param duplicated rows beyond the first of a record
 * @param extra rows of the run that were never sent
 * @param unknown sent and never acked
 * @param unknownStored how many of these are there
 * @param offenders the first few, by name
 */
public record AuditResult(
    long acked,
    long lost,
    long duplicated,
    long extra,
    long unknown,
    long unknownStored,
    List<Reconciliation.Offender> offenders) {

  public boolean clean() {
    return lost == 0 && duplicated == 0 && extra == 0;
  }

  /** The one line of the audit. */
  @Override
  public String toString() {
    return "%d acked, %d lost, %d duplicated, %d extra".formatted(acked, lost, duplicated, extra);
  }

  /** The two together, as of two runs. */
  public AuditResult plus(AuditResult other) {
    return new AuditResult(
        acked + other.acked,
        lost + other.lost,
        duplicated + other.duplicated,
        extra + other.extra,
        unknown + other.unknown,
        unknownStored + other.unknownStored,
        Stream.concat(offenders.stream(), other.offenders.stream()).toList());
  }
}
