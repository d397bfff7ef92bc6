package io.sluice.acceptor.forward;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Status;
import io.sluice.acceptor.columns.ColumnsFullException;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.WireSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The DoPut stream of one log, tenant and table. All of its state belongs to <em>turns</em>, an
 * executor that runs one task at a time: offers, gRPC's callbacks and timers are such tasks.
 *
 * <pre>
 * offer ─▶ waiting ─gather─▶ unanswered ──DONE──▶ told, freed
 *                                │ stream lost, REFUSED, MALFORMED
 *                                ▼
 *                              owed ─▶ unanswered (same message or part of it, same batches)
 * </pre>
 *
 * A message is sent when few are on their way or when it is full, and only while gRPC has room;
 * while it travels the next gathers. A batch whose time is up is told so, but its message is kept
 * until it is answered: only then are its rows no longer needed.
 */
final class PutStream implements PutCall.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(PutStream.class);
  private static final Delivery NO_MEMORY =
      new Delivery.Refused(1_000, "the Acceptor is out of memory");
  private static final Delivery FAILED = new Delivery.Unanswered("the Acceptor failed");
  private static final Delivery STOPPED = new Delivery.Unanswered("the Acceptor stops");

  /** Losses alone after which a message's batches are tried one by one. */
  private static final int LOSSES_TOGETHER = 2;

  /** Losses alone after which a batch is given up. */
  private static final int LOSSES_ALONE = 3;

  private final List<String> path;
  private final StreamKey key;
  private final WriterLink link;
  private final ForwardLimits limits;
  private final ForwardMeters meters;
  private final ColumnsPool pool;
  private final Executor turns;
  private final ScheduledExecutorService timer;
  private final LongSupplier nanoClock;

  private final Backlog waiting = new Backlog();
  private final Owed owed = new Owed();
  private final Pause pause;
  private final Map<Long, PutMessage> unanswered = new LinkedHashMap<>();
  private @Nullable PutCall call;
  private long unansweredBytes;
  private long nextSequence = 1;
  private boolean closed;
  private String lastLoss = "the Writer is not reachable";

  PutStream(
      StreamKey key,
      WriterLink link,
      ForwardLimits limits,
      ForwardMeters meters,
      ColumnsPool pool,
      Executor workers,
      ScheduledExecutorService timer,
      LongSupplier nanoClock) {
    this.key = key;
    this.path = List.of(Integer.toString(key.log()), key.tenant(), key.table().tableName());
    this.link = link;
    this.limits = limits;
    this.meters = meters;
    this.pool = pool;
    this.turns = MoreExecutors.newSequentialExecutor(workers);
    this.timer = timer;
    this.nanoClock = nanoClock;
    this.pause = new Pause(nanoClock);
  }

  /** Takes the batch over; safe for any thread. */
  CompletableFuture<Delivery> offer(Batch batch) {
    Parcel parcel = new Parcel(batch);
    turns.execute(() -> take(parcel));
    return parcel.delivery();
  }

  /** Fails all that waits, and frees what it can; safe for any thread. */
  CompletableFuture<Void> close() {
    return CompletableFuture.runAsync(this::abandon, turns);
  }

  private void take(Parcel parcel) {
    if (closed) {
      parcel.tell(STOPPED);
      parcel.free();
      return;
    }
    if (pause.asked()) {
      refuseIfHopeless(parcel);
    }
    if (!parcel.awaited()) {
      parcel.free();
      return;
    }
    long left = parcel.batch().giveUpNanos() - nanoClock.getAsLong();
    parcel.expireBy(
        timer.schedule(
            () -> turns.execute(() -> expire(parcel)), Math.max(0, left), TimeUnit.NANOSECONDS));
    waiting.add(parcel);
    pump();
  }

  private void pump() {
    boolean idle = waiting.isEmpty() && owed.isEmpty();
    if (closed || pause.asked() || idle) {
      return;
    }
    if (call == null) {
      if (pause.over()) {
        open();
      }
    } else if (call.opened()) {
      sendApart(call);
      sendAgain(call);
      sendNew(call);
    }
  }

  private void open() {
    call = new PutCall(link.channel(), turns, this);
    call.start();
  }

  /** While there are suspects one message at a time is on its way. */
  private void sendApart(PutCall to) {
    while (owed.trying() && unanswered.isEmpty() && to.ready()) {
      PutMessage message = owed.othersTurn() ? nextOther() : null;
      if (message != null) {
        owed.othersHadTheirTurn();
        send(to, message);
        return;
      }
      message = owed.nextTried();
      if (message != null) {
        sendAgain(to, message);
      }
    }
  }

  private @Nullable PutMessage nextOther() {
    PutMessage refused = owed.nextRefused();
    if (refused != null) {
      return refused;
    }
    return waiting.isEmpty() ? null : gather();
  }

  private void sendAgain(PutCall to) {
    while (!owed.trying() && to.ready() && room()) {
      PutMessage message = owed.nextRefused();
      if (message == null) {
        return;
      }
      sendAgain(to, message);
    }
  }

  private void sendAgain(PutCall to, PutMessage message) {
    if (message.awaited()) {
      meters.sentAgain().increment();
      send(to, message);
    } else {
      owed.answered(message);
      message.finish();
    }
  }

  private void sendNew(PutCall to) {
    while (to.ready()
        && owed.isEmpty()
        && !owed.trying()
        && !waiting.isEmpty()
        && (unanswered.size() < ForwardLimits.FEW || waiting.bytes() >= limits.enough())
        && room()) {
      PutMessage message = gather();
      if (message != null) {
        send(to, message);
      }
    }
  }

  /** The next message of those that wait; null if it cannot be made, and they are told. */
  private @Nullable PutMessage gather() {
    List<Parcel> parcels = waiting.gather(limits);
    try {
      return PutMessage.gather(nextSequence++, parcels, pool);
    } catch (Throwable e) { // whatever it is, nobody else knows these parcels any more
      LOG.error("stream {}: cannot gather {} batches", key, parcels.size(), e);
      boolean memory = e instanceof OutOfMemoryException || e instanceof ColumnsFullException;
      parcels.forEach(parcel -> parcel.tell(memory ? NO_MEMORY : FAILED));
      parcels.forEach(Parcel::free);
      return null;
    }
  }

  private boolean room() {
    return unansweredBytes < limits.window();
  }

  private void send(PutCall to, PutMessage message) {
    unanswered.put(message.sequence(), message);
    unansweredBytes += message.bytes();
    meters.messages().increment();
    meters.bytes().add(message.bytes());
    to.send(message.frame());
  }

  @Override
  public void ready(PutCall from) {
    if (from == call) {
      if (!from.opened()) {
        from.open(PutFrame.opening(path, WireSchema.of(key.table())));
      }
      pump();
    }
  }

  @Override
  public void answered(PutCall from, byte[] result) {
    if (from != call) {
      return;
    }
    PutAnswer answer;
    try {
      answer = PutMethod.answer(result);
    } catch (MalformedMessageException e) {
      LOG.error("stream {}: {}; it is opened anew", key, e.getMessage());
      from.cancel(e.toString());
      return;
    }
    PutMessage message = unanswered.remove(answer.sequence());
    if (message == null) {
      LOG.warn("stream {}: an answer to message {}, which waits for none", key, answer.sequence());
      return;
    }
    unansweredBytes -= message.bytes();
    owed.answered(message);
    pause.answered();
    switch (answer.status()) {
      case DONE -> done(message, answer);
      case REFUSED, NOT_LEADER -> refused(message, answer);
      case MALFORMED -> malformed(message, answer);
    }
    pump();
  }

  private void done(PutMessage message, PutAnswer answer) {
    List<Boolean> repeats = answer.repeats();
    for (int i = 0; i < message.parcels().size(); i++) {
      boolean repeat = i < repeats.size() && repeats.get(i);
      (repeat ? meters.repeats() : meters.batches()).increment();
      message.parcels().get(i).tell(new Delivery.Stored(repeat));
    }
    message.finish();
  }

  private void refused(PutMessage message, PutAnswer answer) {
    meters.refusals().increment();
    LOG.debug("stream {}: refused: {}", key, answer.text());
    pumpAfter(pause.refused(answer));
    owed.refused(message);
    refuseHopeless();
  }

  private void refuseHopeless() {
    owed.forEachParcel(this::refuseIfHopeless);
    waiting.forEach(this::refuseIfHopeless);
    waiting.dropUnawaited();
    dropUnawaitedMessages();
  }

  /** What will have no time left when the Writer may be asked again need not wait for it. */
  private void refuseIfHopeless(Parcel parcel) {
    Delivery refused = pause.outlasts(parcel.batch()) ? pause.told() : null;
    if (refused != null) {
      parcel.tell(refused);
    }
  }

  /** One bad batch must not take its neighbours with it: send each apart, then it is the one. */
  private void malformed(PutMessage message, PutAnswer answer) {
    LOG.error(
        "stream {}: the Writer cannot read a message of {} batches: {}",
        key,
        message.parcels().size(),
        answer.text());
    if (message.parcels().size() == 1) {
      meters.malformed().increment();
      message.tell(new Delivery.Unanswered("the Writer cannot read it: " + answer.text()));
      message.finish();
      return;
    }
    message.apart(() -> nextSequence++).forEach(owed::refused);
  }

  @Override
  public void lost(PutCall from, Status status) {
    if (from != call) {
      return;
    }
    meters.lost().increment();
    lastLoss =
        status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
    LOG.info("stream {} to {} is lost: {}", key, link.address(), lastLoss);
    call = null;
    List<PutMessage> messages = new ArrayList<>(unanswered.values());
    unanswered.clear();
    unansweredBytes = 0;
    owed.lost(messages.size() == 1 ? lostAlone(messages.get(0)) : messages);
    dropUnawaitedMessages();
    pumpAfter(pause.lost());
  }

  /** What of a message that was alone on its stream is to be sent again. */
  private List<PutMessage> lostAlone(PutMessage message) {
    int losses = message.lostAlone();
    if (message.parcels().size() > 1) {
      return losses < LOSSES_TOGETHER ? List.of(message) : message.apart(() -> nextSequence++);
    }
    if (losses < LOSSES_ALONE) {
      return List.of(message);
    }
    LOG.error(
        "stream {}: {} is given up: it lost it {} times ({})", key, message, losses, lastLoss);
    meters.abandoned().increment();
    message.tell(new Delivery.Unanswered("the stream to the Writer was lost: " + lastLoss));
    message.finish();
    return List.of();
  }

  private void pumpAfter(int millis) {
    var unused =
        timer.schedule(() -> turns.execute(this::pump), millis + 1L, TimeUnit.MILLISECONDS);
  }

  private void expire(Parcel parcel) {
    if (parcel.awaited()) {
      meters.unanswered().increment();
      Delivery refused = pause.told();
      parcel.tell(
          refused == null
              ? new Delivery.Unanswered(
                  call == null || !call.opened() ? lastLoss : "the Writer did not answer in time")
              : refused);
    }
    if (waiting.remove(parcel)) {
      parcel.free();
    } else {
      dropUnawaitedMessages();
    }
  }

  /** Frees messages that nobody waits for any more and that are not on their way. */
  private void dropUnawaitedMessages() {
    owed.removeUnawaited().forEach(PutMessage::finish);
  }

  private void abandon() {
    closed = true;
    if (call != null) {
      call.cancel("the Acceptor stops");
    }
    call = null; // its callbacks are nobody's any more
    waiting.forEach(parcel -> parcel.tell(STOPPED));
    unanswered.values().forEach(message -> message.tell(STOPPED));
    owed.forEachParcel(parcel -> parcel.tell(STOPPED));
    unanswered.values().forEach(PutMessage::finish);
    unanswered.clear();
    waiting.dropUnawaited();
    dropUnawaitedMessages();
  }
}
