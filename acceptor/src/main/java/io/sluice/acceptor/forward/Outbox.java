package io.sluice.acceptor.forward;

import io.sluice.acceptor.columns.ColumnsFullException;
import io.sluice.acceptor.columns.ColumnsPool;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one stream has to send and what it has sent, and which message is the next. Owned by its
 * stream.
 *
 * <pre>
 * add ─▶ waiting ─next─▶ unanswered ──DONE──▶ told, freed
 *                            │ stream lost, REFUSED, MALFORMED, NOT_LEADER, another leads
 *                            ▼
 *                          owed ─next─▶ unanswered (same message or part of it, same batches)
 * </pre>
 */
final class Outbox {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final Delivery NO_MEMORY =
      new Delivery.Refused(1_000, "the Acceptor is out of memory");
  private static final Delivery FAILED = new Delivery.Unanswered("the Acceptor failed");

  private final StreamKey key;
  private final ForwardLimits limits;
  private final ColumnsPool pool;
  private final ForwardMeters meters;
  private final Backlog waiting = new Backlog();
  private final Owed owed = new Owed();
  private final Unanswered unanswered = new Unanswered();
  private final LossPolicy losses;
  private long nextSequence = 1;

  Outbox(StreamKey key, ForwardLimits limits, ColumnsPool pool, ForwardMeters meters) {
    this.key = key;
    this.limits = limits;
    this.pool = pool;
    this.meters = meters;
    this.losses = new LossPolicy(key, meters, () -> nextSequence++);
  }

  void add(Parcel parcel) {
    waiting.add(parcel);
  }

  /** True if nothing is to be sent, and nothing on its way. */
  boolean isIdle() {
    return isSent() && unanswered.isEmpty();
  }

  /** True if nothing is to be sent. */
  boolean isSent() {
    return waiting.isEmpty() && owed.isEmpty();
  }

  /** How long there have been messages on their way with no answer to any of them. */
  long silentNanos(long nowNanos) {
    return unanswered.silentNanos(nowNanos);
  }

  /**
   * The next message to send, which is on its way from now on; null if none is to be sent now.
   * While there are suspects, one message at a time is on its way.
   *
   * @param proven whether the Writer is known to lead: if not it gets one message, which may have
   *     to go elsewhere
   */
  @Nullable PutMessage next(boolean proven, long nowNanos) {
    boolean more = proven && !owed.trying() && unanswered.bytes() < limits.window();
    while (!isSent() && (more || unanswered.isEmpty())) {
      PutMessage owing = owing();
      PutMessage next = owing == null && enough() ? gather() : owing;
      if (next == null && !owed.trying()) {
        return null;
      }
      if (next != null && next.awaited()) {
        unanswered.sent(next, nowNanos);
        if (owing != null) {
          meters.sentAgain(next.again());
        }
        return next;
      }
      if (next != null) { // gone, as nobody waits for it any more
        owed.answered(next);
        next.finish();
      }
    }
    return null;
  }

  /** The next of what is owed; null if there is none, or those that wait have their turn. */
  private @Nullable PutMessage owing() {
    if (owed.trying() && !owed.othersTurn()) {
      return owed.nextTried(losses);
    }
    owed.othersHadTheirTurn();
    return owed.nextCleared();
  }

  private boolean enough() {
    return unanswered.size() < ForwardLimits.FEW || waiting.bytes() >= limits.enough();
  }

  /** The next message of those that wait; null if there is none: who cannot be sent is told. */
  private @Nullable PutMessage gather() {
    while (!waiting.isEmpty()) {
      List<Parcel> parcels = waiting.gather(limits);
      try {
        return PutMessage.gather(nextSequence++, parcels, pool, limits.zstd());
      } catch (Throwable e) { // whatever it is, nobody else knows these parcels any more
        LOG.error("stream {}: cannot gather {} batches", key, parcels.size(), e);
        boolean memory = e instanceof OutOfMemoryException || e instanceof ColumnsFullException;
        parcels.forEach(parcel -> parcel.tell(memory ? NO_MEMORY : FAILED));
        parcels.forEach(Parcel::free);
      }
    }
    return null;
  }

  /** Takes out the message that was answered; null if there is none such. */
  @Nullable PutMessage answered(long sequence, long nowNanos) {
    return unanswered.answered(sequence, nowNanos);
  }

  /** The Writer has dealt with it, whatever came of it. */
  void dealtWith(PutMessage message) {
    owed.answered(message);
  }

  /** It was refused, and is to be sent again. */
  void refused(PutMessage message) {
    owed.add(message, Again.REFUSED);
  }

  /** Its batches are to be sent again, each apart. */
  void apart(PutMessage message) {
    message.apart(() -> nextSequence++).forEach(part -> owed.add(part, Again.APART));
  }

  /** It was answered by who does not lead, and is to be sent again. */
  void notLed(PutMessage message) {
    owed.moved(List.of(message));
    dropUnawaited();
  }

  /** All that is on its way is to be sent again, as another Writer leads. */
  void moved() {
    owed.moved(unanswered.takeAll());
    dropUnawaited();
  }

  /** The same as the stream is lost, and perhaps by one of these. */
  void lost(Loss loss) {
    List<PutMessage> messages = unanswered.takeAll();
    if (messages.size() == 1) {
      messages.get(0).lostAlone(loss);
    }
    owed.lost(messages);
    dropUnawaited();
  }

  /** All that is not on its way. */
  void forEachUnsent(Consumer<Parcel> action) {
    owed.forEachParcel(action);
    waiting.forEach(action);
  }

  /** Nobody waits for it any more; its rows are free unless they are on their way. */
  void expired(Parcel parcel) {
    if (waiting.remove(parcel)) {
      parcel.free();
    } else {
      dropUnawaited();
    }
  }

  /** Frees what nobody waits for any more and that is not on its way. */
  void dropUnawaited() {
    waiting.dropUnawaited();
    owed.removeUnawaited().forEach(PutMessage::finish);
  }

  /** Tells all, and frees all. */
  void abandon(Delivery why) {
    unanswered.forEach(message -> message.tell(why));
    unanswered.takeAll().forEach(PutMessage::finish);
    forEachUnsent(parcel -> parcel.tell(why));
    dropUnawaited();
  }
}
