package io.sluice.acceptor.forward;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Status;
import io.sluice.acceptor.columns.ColumnsFullException;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.WireSchema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
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
 *             ▲                  │ stream lost, REFUSED
 *             │ MALFORMED,       ▼
 *             └─ sent apart ── again ─▶ unanswered (same message, same batches)
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
  private static final Delivery STOPPED = new Delivery.Unanswered("the Acceptor stops");
  private static final int NOT_LEADER_MILLIS = 250;
  private static final int MIN_BACK_OFF_MILLIS = 20;
  private static final int MAX_BACK_OFF_MILLIS = 500;

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
  private final Deque<PutMessage> again = new ArrayDeque<>();
  private final Map<Long, PutMessage> unanswered = new LinkedHashMap<>();
  private @Nullable PutCall call;
  private long unansweredBytes;
  private long nextSequence = 1;
  private boolean closed;
  private int lossesInARow;
  private long notBeforeNanos;
  private @Nullable PutAnswer refusal;
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
    this.notBeforeNanos = nanoClock.getAsLong();
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
    if (paused()) {
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
    if (closed || paused()) {
      return;
    }
    refusal = null;
    if (waiting.isEmpty() && again.isEmpty()) {
      return;
    }
    if (call == null) {
      if (nanoClock.getAsLong() - notBeforeNanos >= 0) {
        open();
      }
    } else if (call.opened()) {
      sendAgain(call);
      sendNew(call);
    }
  }

  private void open() {
    call = new PutCall(link.channel(), turns, this);
    call.start();
  }

  private void sendAgain(PutCall to) {
    while (to.ready() && !again.isEmpty() && room()) {
      PutMessage message = again.remove();
      if (message.awaited()) {
        meters.sentAgain().increment();
        send(to, message);
      } else {
        finish(message);
      }
    }
  }

  private void sendNew(PutCall to) {
    while (to.ready()
        && again.isEmpty()
        && !waiting.isEmpty()
        && (unanswered.size() < ForwardLimits.FEW || waiting.bytes() >= limits.enough())
        && room()) {
      List<Parcel> parcels = waiting.gather(limits);
      try {
        send(to, PutMessage.gather(nextSequence++, parcels, pool));
      } catch (OutOfMemoryException | ColumnsFullException e) {
        LOG.error("stream {}: no memory to gather {} batches", key, parcels.size(), e);
        parcels.forEach(parcel -> parcel.tell(NO_MEMORY));
        parcels.forEach(Parcel::free);
      }
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
    lossesInARow = 0;
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
    finish(message);
  }

  private void refused(PutMessage message, PutAnswer answer) {
    meters.refusals().increment();
    LOG.debug("stream {}: refused: {}", key, answer.text());
    refusal = answer;
    boolean led = answer.status() == PutAnswer.Status.REFUSED;
    int least = led ? MIN_BACK_OFF_MILLIS : NOT_LEADER_MILLIS;
    pauseMillis(Math.max(least, answer.retryAfterMillis()));
    again.add(message);
    refuseHopeless();
  }

  /** True while the Writer has asked not to be asked. */
  private boolean paused() {
    return refusal != null && nanoClock.getAsLong() - notBeforeNanos < 0;
  }

  private void refuseHopeless() {
    again.forEach(message -> message.parcels().forEach(this::refuseIfHopeless));
    waiting.forEach(this::refuseIfHopeless);
    waiting.dropUnawaited();
    dropUnawaitedMessages();
  }

  /** What will have no time left when the Writer may be asked again need not wait for it. */
  private void refuseIfHopeless(Parcel parcel) {
    if (refusal != null && parcel.batch().giveUpNanos() - notBeforeNanos <= 0) {
      long left = notBeforeNanos - nanoClock.getAsLong();
      int millis = (int) TimeUnit.NANOSECONDS.toMillis(left) + 1;
      parcel.tell(new Delivery.Refused(millis, refusal.text()));
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
      message
          .parcels()
          .get(0)
          .tell(new Delivery.Unanswered("the Writer cannot read it: " + answer.text()));
      finish(message);
      return;
    }
    message.close();
    for (Parcel parcel : message.parcels()) {
      again.add(PutMessage.gather(nextSequence++, List.of(parcel), pool));
    }
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
    for (int i = messages.size() - 1; i >= 0; i--) {
      again.addFirst(messages.get(i));
    }
    dropUnawaitedMessages();
    lossesInARow++;
    pauseMillis(Math.min(MAX_BACK_OFF_MILLIS, MIN_BACK_OFF_MILLIS << Math.min(lossesInARow, 10)));
  }

  private void pauseMillis(int millis) {
    notBeforeNanos = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
    var unused =
        timer.schedule(() -> turns.execute(this::pump), millis + 1L, TimeUnit.MILLISECONDS);
  }

  private void expire(Parcel parcel) {
    if (parcel.awaited()) {
      meters.unanswered().increment();
      PutAnswer why = refusal;
      parcel.tell(
          why == null
              ? new Delivery.Unanswered(call == null ? lastLoss : "the Writer did not answer")
              : new Delivery.Refused(why.retryAfterMillis(), why.text()));
    }
    if (waiting.remove(parcel)) {
      parcel.free();
    } else {
      dropUnawaitedMessages();
    }
  }

  /** Frees messages that nobody waits for any more and that are not on their way. */
  private void dropUnawaitedMessages() {
    for (Iterator<PutMessage> messages = again.iterator(); messages.hasNext(); ) {
      PutMessage message = messages.next();
      if (!message.awaited()) {
        messages.remove();
        finish(message);
      }
    }
  }

  private static void finish(PutMessage message) {
    message.close();
    message.parcels().forEach(Parcel::free);
  }

  private void abandon() {
    closed = true;
    if (call != null) {
      call.cancel("the Acceptor stops");
    }
    call = null; // its callbacks are nobody's any more
    waiting.forEach(parcel -> parcel.tell(STOPPED));
    unanswered.values().forEach(m -> m.parcels().forEach(p -> p.tell(STOPPED)));
    again.forEach(m -> m.parcels().forEach(p -> p.tell(STOPPED)));
    unanswered.values().forEach(PutStream::finish);
    unanswered.clear();
    waiting.dropUnawaited();
    dropUnawaitedMessages();
  }
}
