package io.sluice.bench.load;

import io.sluice.bench.audit.AckLog;
import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Template;
import io.sluice.bench.record.Templates;
import io.sluice.query.export.Answer;
import io.sluice.query.export.Backoff;
import io.sluice.query.export.Exporter;
import io.sluice.schema.table.Signal;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection: one request after the other, each until it is acked, refused or the time is up.
 * All of it belongs to the thread that runs it.
 */
final class Lane implements Runnable {

  private final int number;
  private final Turns turns;
  private static final long NOTHING = Long.MIN_VALUE;

  private final RunKeys keys;
  private final List<Signal> signals;
  private final Templates templates;
  private final Exporter exporter;
  private final AckLog acks;
  private final Backoff backoff;
  private final Schedule schedule;
  private final LaneStats stats = new LaneStats();
  private int attemptsThatLeft;
  private @Nullable RuntimeException failure;

  /** When the request was first sent that is not answered for good yet. */
  private volatile long waitingSince = NOTHING;

  /** Latency counts from here: a request that had to wait for a slow answer is slow itself. */
  private long dueNanos;

  /** When to send, and when to give up. */
  record Schedule(Timing timing, Pacer pacer, LongSupplier endNanos, Duration grace) {

    boolean isOver(long nanos) {
      return nanos - endNanos.getAsLong() >= 0;
    }

    boolean isHopeless(long nanos) {
      return isOver(nanos - grace.toNanos());
    }
  }

  Lane(
      Turns turns,
      RunKeys keys,
      List<Signal> signals,
      Templates templates,
      Exporter exporter,
      AckLog acks,
      Backoff backoff,
      Schedule schedule) {
    this.number = turns.lane();
    this.turns = turns;
    this.keys = keys;
    this.signals = signals;
    this.templates = templates;
    this.exporter = exporter;
    this.acks = acks;
    this.backoff = backoff;
    this.schedule = schedule;
  }

  LaneStats stats() {
    return stats;
  }

  /** How long what is under way has been; 0 if nothing is. Any thread. */
  long waitingNanos() {
    long since = waitingSince;
    return since == NOTHING ? 0 : schedule.timing.nanos() - since;
  }

  @Override
  public void run() {
    try {
      for (int request = 0; waitForTurn(); request++) {
        send(request);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** What ended the lane early, once its thread has ended. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  private boolean waitForTurn() throws InterruptedException {
    long due = schedule.pacer.takeNanos();
    if (due == -1 || schedule.isOver(due)) {
      return false;
    }
    long wait = due - schedule.timing.nanos();
    if (wait > 0) {
      schedule.timing.sleep(Duration.ofNanos(wait));
    }
    long now = schedule.timing.nanos();
    dueNanos = schedule.pacer.paced() ? due : now;
    return !schedule.isOver(now);
  }

  private void send(int request) throws InterruptedException {
    Signal signal = signals.get((request + number) % signals.size());
    Template template = templates.of(signal, request);
    long made = schedule.timing.epochNanos();
    byte[] bytes = template.fill(keys, number, request, made);
    int records = template.shape().records();
    acks.sent(number, request, template, made);
    stats.requests++;
    boolean answered = false;
    attemptsThatLeft = 0;
    try {
      waitingSince = schedule.timing.nanos();
      Answer answer = exportUntilAnswered(signal, request, bytes);
      if (answer instanceof Answer.Acked acked) {
        acks.acked(number, request, records - acked.rejected());
        stats.acked(records - acked.rejected(), bytes.length, schedule.timing.nanos() - dueNanos);
        stats.refused += acked.rejected();
        answered = true;
      } else if (answer instanceof Answer.Refused) {
        stats.refused += records;
        answered = true;
      }
    } finally {
      waitingSince = NOTHING;
      stats.unknown += answered ? 0 : records;
      stats.unconnected += answered || attemptsThatLeft > 0 ? 0 : records;
    }
  }

  /** The last answer: {@link Answer.Again} only if the time was up. */
  private Answer exportUntilAnswered(Signal signal, int request, byte[] bytes)
      throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      long sent = schedule.timing.nanos();
      attemptsThatLeft++; // also if it is interrupted
      Answer answer = exporter.export(signal, turns.at(request), bytes);
      stats.answers.add(schedule.timing.nanos() - sent);
      Duration wait;
      if (answer instanceof Answer.Again again) {
        attemptsThatLeft -= again.left() ? 0 : 1;
        stats.unhinted += again.after().isZero() ? 1 : 0;
        stats.failed(again.code(), again.message());
        wait = backoff.afterFailure(attempt, again.after());
      } else {
        if (answer instanceof Answer.Refused refused) {
          stats.refused(refused.code(), refused.message());
        }
        return answer;
      }
      if (schedule.isHopeless(schedule.timing.nanos() + wait.toNanos())) {
        return answer;
      }
      schedule.timing.sleep(wait);
      stats.retries++;
    }
  }
}
