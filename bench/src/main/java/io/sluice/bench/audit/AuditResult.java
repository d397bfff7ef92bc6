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
 * @param unreadable rows without a key, or with one that no run writes: of somebody else, or broken
 * @param compared rows whose time, service and name were compared with what was sent
 * @param altered how many of these say something else
 * @param offenders the first few, by name
 */
public record AuditResult(
    long acked,
    long lost,
    long duplicated,
    long extra,
    long unknown,
    long unknownStored,
    long unreadable,
    long compared,
    long altered,
    List<Reconciliation.Offender> offenders) {

  /** Where nothing was acked, nothing was shown. */
  public boolean clean() {
    return acked > 0 && lost == 0 && duplicated == 0 && extra == 0 && altered == 0;
  }

  /** The same with rows that belong to no run. */
  AuditResult beside(long rows) {
    return new AuditResult(
        acked,
        lost,
        duplicated,
        extra,
        unknown,
        unknownStored,
        unreadable + rows,
        compared,
        altered,
        offenders);
  }

  /** The one line of the audit. */
  @Override
  public String toString() {
    return "%d acked, %d lost, %d duplicated, %d extra".formatted(acked, lost, duplicated, extra)
        + (altered > 0 ? ", %d altered".formatted(altered) : "")
        + (unreadable > 0
            ? ", %d rows of others (with no key of a load)".formatted(unreadable)
            : "")
        + (acked == 0 ? " (not clean: nothing was acked, so nothing was compared)" : "");
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
        unreadable + other.unreadable,
        compared + other.compared,
        altered + other.altered,
        Stream.concat(offenders.stream(), other.offenders.stream()).toList());
  }
}
