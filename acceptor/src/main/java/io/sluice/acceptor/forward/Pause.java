package io.sluice.acceptor.forward;

import io.sluice.schema.wire.PutAnswer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Until when the Writer is not to be asked, and why: it said so, or was lost. Its stream's own. */
final class Pause {

  private static final int MIN_BACK_OFF_MILLIS = 20;
  private static final int MAX_BACK_OFF_MILLIS = 500;

  private final LongSupplier nanoClock;
  private long notBeforeNanos;
  private int lossesInARow;
  private @Nullable PutAnswer refusal;

  Pause(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.notBeforeNanos = nanoClock.getAsLong();
  }

  /** The Writer refused a message; returns for how many milliseconds it is not to be asked. */
  int refused(PutAnswer answer) {
    refusal = answer;
    return start(Math.max(MIN_BACK_OFF_MILLIS, answer.retryAfterMillis()));
  }

  /** The stream was lost; returns for how many milliseconds none is to be opened. */
  int lost() {
    lossesInARow++;
    return start(Math.min(MAX_BACK_OFF_MILLIS, MIN_BACK_OFF_MILLIS << Math.min(lossesInARow, 10)));
  }

  /** The Writer is there. */
  void answered() {
    lossesInARow = 0;
  }

  /** Streams lost since the last answer. */
  int lossesInARow() {
    return lossesInARow;
  }

  /** Another Writer is asked from now on. */
  void end() {
    lossesInARow = 0;
    refusal = null;
    notBeforeNanos = nanoClock.getAsLong();
  }

  boolean over() {
    return nanoClock.getAsLong() - notBeforeNanos >= 0;
  }

  /** True while the Writer has asked not to be asked. */
  boolean asked() {
    if (refusal != null && over()) {
      refusal = null;
    }
    return refusal != null;
  }

  /** True if the batch will have no time left when the Writer may be asked again. */
  boolean outlasts(Batch batch) {
    return refusal != null && batch.giveUpNanos() - notBeforeNanos <= 0;
  }

  /** What to tell who cannot wait until the end of this; null unless the Writer refused. */
  @Nullable Delivery told() {
    PutAnswer why = refusal;
    if (why == null) {
      return null;
    }
    long left = Math.max(0, notBeforeNanos - nanoClock.getAsLong());
    int millis = (int) TimeUnit.NANOSECONDS.toMillis(left) + 1;
    return why.want() == PutAnswer.Want.ROOM
        ? new Delivery.Refused(millis, why.text())
        : new Delivery.Away(millis, why.text());
  }

  private int start(int millis) {
    notBeforeNanos = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
    return millis;
  }
}
