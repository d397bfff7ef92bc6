package io.sluice.writer.buffer;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where every record went since the process started: taken + replayed = hot + persisted + parked +
 * deduplicated + rejected + empty (DESIGN section 1). Hot is what the buffers hold; what the
 * Acceptor rejects or finds empty never comes here.
 */
public final class Ledger {

  private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

  /** Records of appended batches that were applied. */
  public final LongAdder taken;

  /** Records the log gave back at start that no commit held. */
  public final LongAdder replayed;

  /** Records in commits of this process. */
  public final LongAdder persisted;

  /** Records of batches that were repeats. */
  public final LongAdder deduplicated;

  /** Batches whose received time was too far from this Writer's clock to be believed. */
  public final LongAdder batchesRetimed;

  /** Messages refused before they were appended, retryable. */
  public final LongAdder refused;

  /** Messages that are not what their format says. */
  public final LongAdder malformed;

  /** Sets whose rows were left to the log, as memory ran short. */
  public final LongAdder setsSpilled;

  /** Sets of stuck tables that were copied out of the log. */
  public final LongAdder setsParked;

  /** Parkings that failed and will be tried again. */
  public final LongAdder parkFailures;

  /** Persists that failed and will be tried again. */
  public final LongAdder persistFailures;

  /** Releases of the log that failed and will be tried again. */
  public final LongAdder releaseFailures;

  /** Reads ended by an error because they were too slow. */
  public final LongAdder readsCut;

  private final Telemetry telemetry;

  public Ledger(Telemetry telemetry) {
    this.telemetry = telemetry;
    taken = records(telemetry, "taken", "applied records of batches that were sent");
    replayed = records(telemetry, "replayed", "records the log gave back at start");
    persisted = records(telemetry, "persisted", "records in commits of this process");
    deduplicated = records(telemetry, "deduplicated", "records of batches that were repeats");
    batchesRetimed =
        telemetry.counter(
            "sluice.batches.retimed",
            "{batch}",
            "batches that got this Writer's time, as theirs was out of reach",
            Attributes.empty());
    refused = messages(telemetry, "refused", "messages refused, to be sent again");
    malformed = messages(telemetry, "malformed", "messages that are not what their format says");
    setsSpilled =
        telemetry.counter(
            "sluice.sets.spilled",
            "{set}",
            "sets whose rows were left to the log, as memory ran short",
            Attributes.empty());
    setsParked =
        telemetry.counter(
            "sluice.sets.parked",
            "{set}",
            "sets of stuck tables that were copied out of the log",
            Attributes.empty());
    parkFailures =
        telemetry.counter(
            "sluice.park.failures", "{failure}", "parkings tried again", Attributes.empty());
    persistFailures =
        telemetry.counter(
            "sluice.persist.failures", "{failure}", "persists tried again", Attributes.empty());
    readsCut =
        telemetry.counter(
            "sluice.reads.cut", "{read}", "reads that were too slow", Attributes.empty());
    releaseFailures =
        telemetry.counter(
            "sluice.release.failures",
            "{failure}",
            "releases of the log tried again",
            Attributes.empty());
  }

  /** A batch was a repeat: its rows are skipped, for a reason such as "message". */
  public void repeated(long rows, String reason) {
    deduplicated.add(rows);
    telemetry
        .counter(
            "sluice.batches.deduplicated",
            "{batch}",
            "repeats recognised, by where their first stands",
            Attributes.of(REASON, reason))
        .increment();
  }

  private static LongAdder records(Telemetry telemetry, String state, String what) {
    return telemetry.counter("sluice.records." + state, "{record}", what, Attributes.empty());
  }

  private static LongAdder messages(Telemetry telemetry, String state, String what) {
    return telemetry.counter("sluice.put.messages." + state, "{message}", what, Attributes.empty());
  }
}
