package io.sluice.writer.intake;

import io.sluice.schema.service.DrainRate;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutAnswer.Want;
import io.sluice.wal.DurableLog;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.wal.NotLeaderException;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.Ledger.Refusal;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers to messages that are not taken now: what is wanting, and when to come again. For room
 * that is by the rate at which it has lately been freed; but when tables cannot be persisted none
 * will be, and it is the Writer that is wanting. Safe for any thread.
 */
final class Refusals {

  private static final int FAILED_RETRY_MILLIS = 2_000;
  private static final int STOPPING_RETRY_MILLIS = 1_000;
  private static final int STUCK_RETRY_MILLIS = 4_000;

  /** Rows go set by set, and segments only after those: a rate over less would be none. */
  private static final Duration MEMORY_RATE = Duration.ofSeconds(30);

  private static final Duration LOG_RATE = Duration.ofMinutes(2);

  private final DurableLog log;
  private final Persisting persisting;
  private final Ledger ledger;
  private final DrainRate memory;
  private final DrainRate segments;

  Refusals(DurableLog log, Persisting persisting, Ledger ledger, LongSupplier nanoClock) {
    this.log = log;
    this.persisting = persisting;
    this.ledger = ledger;
    this.memory = new DrainRate(nanoClock, MEMORY_RATE);
    this.segments = new DrainRate(nanoClock, LOG_RATE);
  }

  /** Looks how much was freed; the more often, the better it knows how fast. */
  void look() {
    memory.freedInAll(persisting.bytesFreed());
    segments.freedInAll(log.usage().releasedBytes());
  }

  PutAnswer stopping(long sequence) {
    ledger.refused(Refusal.STOPPING);
    return PutAnswer.refused(
        Want.WRITER, sequence, STOPPING_RETRY_MILLIS, "this Writer is stopping");
  }

  /** The record did not become durable here, or that is not known. */
  PutAnswer failed(long sequence, LogFailedException cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof NotLeaderException other) {
        return notLeader(sequence, other.leader(), ledger);
      }
    }
    return failed(sequence, String.valueOf(cause.getMessage()));
  }

  /**
   * @param leader where it is to be sent; null if that is not known
   */
  static PutAnswer notLeader(long sequence, @Nullable String leader, Ledger ledger) {
    ledger.refused(Refusal.NOT_LEADER);
    return PutAnswer.notLeader(sequence, leader == null ? "" : leader);
  }

  PutAnswer failed(long sequence, String reason) {
    ledger.refused(Refusal.FAILED);
    return PutAnswer.refused(Want.WRITER, sequence, FAILED_RETRY_MILLIS, reason);
  }

  /** Of one table; nothing frees room for it until somebody puts the table right. */
  PutAnswer stuck(long sequence, String reason) {
    ledger.refused(Refusal.TABLE);
    return PutAnswer.refused(Want.WRITER, sequence, STUCK_RETRY_MILLIS, reason);
  }

  /** In another log nobody would recognise its repeats. It is kept until the settings agree. */
  PutAnswer wrongLog(long sequence, BatchId batch, int sentTo, int logs) {
    ledger.refused(Refusal.WRONG_LOG);
    String reason =
        "batch %s is of log %d of %d, and was sent to log %d (logs must be the same for all)"
            .formatted(batch, batch.log(logs), logs, sentTo);
    return PutAnswer.refused(Want.WRITER, sequence, STUCK_RETRY_MILLIS, reason);
  }

  PutAnswer noMemory(long sequence) {
    ledger.refused(Refusal.MEMORY);
    String reason = "the memory for rows that are not yet persisted is used up";
    int millis = memory.millisUntilFreed(persisting.bytesOver() + 1);
    return untilPersisted(sequence, millis, reason);
  }

  /** What is left is for tenants that take less. */
  PutAnswer crowded(long sequence) {
    ledger.refused(Refusal.TENANT);
    String reason = "this tenant has more than its part of what waits to be persisted";
    return untilPersisted(sequence, memory.millisUntilFreed(1), reason);
  }

  /** Their ids must all be remembered: a replay would meet them again. */
  PutAnswer tooManyBatches(long sequence) {
    ledger.refused(Refusal.BATCHES);
    String reason =
        "more requests than dedup.max-batches wait to be persisted"
            + " (raise it, with the memory that it says; larger requests need less)";
    return untilPersisted(sequence, DrainRate.UNKNOWN_MILLIS, reason);
  }

  PutAnswer logFull(long sequence, LogFullException full) {
    ledger.refused(Refusal.LOG_FULL);
    int millis = segments.millisUntilFreed(full.missingBytes());
    return untilPersisted(sequence, millis, String.valueOf(full.getMessage()));
  }

  PutAnswer tooManyInFlight(long sequence, int retryMillis) {
    ledger.refused(Refusal.IN_FLIGHT);
    return PutAnswer.refused(Want.ROOM, sequence, retryMillis, "too many bytes are in flight");
  }

  PutAnswer notLoaded(long sequence, Throwable cause) {
    ledger.refused(Refusal.LOAD);
    String reason = "there is no memory to load it: " + cause;
    return PutAnswer.refused(Want.ROOM, sequence, DrainRate.UNKNOWN_MILLIS, reason);
  }

  private PutAnswer untilPersisted(long sequence, int millis, String reason) {
    String failure = persisting.failure();
    return failure == null
        ? PutAnswer.refused(Want.ROOM, sequence, millis, reason)
        : PutAnswer.refused(
            Want.WRITER, sequence, millis, reason + ", and cannot persist: " + failure);
  }
}
