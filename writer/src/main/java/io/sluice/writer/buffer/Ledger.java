package io.sluice.writer.buffer;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * What a Writer counts beside its records, of which each table keeps the {@link RecordCounts}: what
 * was suppressed, refused, tried again or given up. Safe for any thread.
 */
public final class Ledger {

  private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

  /** Batches whose received time was too far from this Writer's clock to be believed. */
  public final LongAdder batchesRetimed;

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

  /** Persists that ended without their commit, as this Writer had lost the lead meanwhile. */
  public final LongAdder persistsDeposed;

  /** Persists that found their rows in the table already, by the commit of another Writer. */
  public final LongAdder persistsOvertaken;

  /** Releases of the log that failed and will be tried again. */
  public final LongAdder releaseFailures;

  /** Reads ended by an error because they were too slow. */
  public final LongAdder readsCut;

  /** Told of the nanoseconds from a message's last byte to its answer. */
  public final LongConsumer acks;

  /** Why a message is not taken now. */
  public enum Refusal {
    /** Rows that are not persisted take all memory there is for them. */
    MEMORY,
    /** More requests than the window has room for wait to be persisted. */
    BATCHES,
    /** Memory or the log is nearly used, most of it by its tenant. */
    TENANT,
    /** The log's budget is used, or the disk. */
    LOG_FULL,
    /** Too much is read and not yet applied, of all or of this sender. */
    IN_FLIGHT,
    /** It cannot be loaded: no memory. */
    LOAD,
    STOPPING,
    /** Its table is stuck, and owed as much as may be. */
    TABLE,
    /** The log has failed, or the Writer has a bug. */
    FAILED,
    /** Another Writer leads the log, or nobody does now. */
    NOT_LEADER,
    /** Its sender counts other logs than the cluster has. */
    WRONG_LOG
  }

  private final Telemetry telemetry;
  private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);

  public Ledger(Telemetry telemetry) {
    this.telemetry = telemetry;
    acks = telemetry.durations("sluice.put.duration", Attributes.empty());
    batchesRetimed = telemetry.counter("sluice.batches.retimed", Attributes.empty());
    for (Refusal why : Refusal.values()) {
      refused.put(why, refused(telemetry, why));
    }
    malformed = telemetry.counter("sluice.put.messages.malformed", Attributes.empty());
    setsSpilled = telemetry.counter("sluice.sets.spilled", Attributes.empty());
    setsParked = telemetry.counter("sluice.sets.parked", Attributes.empty());
    parkFailures = telemetry.counter("sluice.park.failures", Attributes.empty());
    persistFailures = telemetry.counter("sluice.persist.failures", Attributes.empty());
    persistsDeposed = superseded(telemetry, "deposed");
    persistsOvertaken = superseded(telemetry, "overtaken");
    readsCut = telemetry.counter("sluice.reads.cut", Attributes.empty());
    releaseFailures = telemetry.counter("sluice.release.failures", Attributes.empty());
  }

  /** A batch was a repeat: its rows are skipped, for a reason such as "message". */
  public void repeated(String reason) {
    telemetry.counter("sluice.batches.deduplicated", Attributes.of(REASON, reason)).increment();
  }

  /** A message was refused before it was appended, retryable. */
  public void refused(Refusal why) {
    Objects.requireNonNull(refused.get(why)).increment();
  }

  private static LongAdder superseded(Telemetry telemetry, String reason) {
    return telemetry.counter("sluice.persist.superseded", Attributes.of(REASON, reason));
  }

  private static LongAdder refused(Telemetry telemetry, Refusal why) {
    return telemetry.counter(
        "sluice.put.messages.refused", Attributes.of(REASON, why.name().toLowerCase(Locale.ROOT)));
  }
}
