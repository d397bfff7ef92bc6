package io.sluice.acceptor.forward;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Status;
import io.sluice.acceptor.route.Lead;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.WireSchema;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The DoPut stream of one log, tenant and table, to whoever leads the log now. All of its state
 * belongs to <em>turns</em>, an executor that runs one task at a time: offers, gRPC's callbacks and
 * timers are such tasks.
 *
 * <p>A message is sent when few are on their way or when it is full, and only while gRPC has room;
 * while it travels the next gathers. A batch whose time is up is told so, but its message is kept
 * until it is answered: only then are its rows no longer needed.
 */
final class PutStream implements PutCall.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(PutStream.class);
  private static final Delivery STOPPED = new Delivery.Unanswered("the Acceptor stops");
  private static final int AWAY_MILLIS = 1_000;

  /** More than one poisonous message loses: then it may be the Writer that is the wrong one. */
  private static final int LOSSES_OF_A_WRONG_WRITER = 4;

  private final List<String> path;
  private final StreamKey key;
  private final LogLeader leader;
  private final StreamEnvironment its;
  private final ForwardMeters meters;
  private final Executor turns;

  private final Outbox outbox;
  private final Pause pause;
  private final Vigil vigil = new Vigil();
  private @Nullable PutCall call;
  private boolean watched;
  private boolean closed;
  private String lastLoss = "the Writer is not reachable";

  PutStream(StreamKey key, LogLeader leader, StreamEnvironment its, ForwardMeters meters) {
    this.key = key;
    this.path = List.of(Integer.toString(key.log()), key.tenant(), key.table().tableName());
    this.leader = leader;
    this.its = its;
    this.meters = meters;
    this.turns = MoreExecutors.newSequentialExecutor(its.workers());
    this.pause = new Pause(its.nanoClock());
    this.outbox = new Outbox(key, its.limits(), its.pool(), meters);
  }

  /** Follows its log's leader from now on. */
  PutStream begun() {
    leader.follow(() -> turns.execute(this::moved));
    return this;
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
    long now = its.nanoClock().getAsLong();
    if (its.severalLogs() && !outbox.isIdle() && vigil.isInVain(now)) {
      meters.away().increment();
      parcel.tell(new Delivery.Away(AWAY_MILLIS, "no Writer answers for log " + key.log()));
    }
    if (!parcel.awaited()) {
      parcel.free();
      return;
    }
    if (outbox.isIdle()) {
      vigil.begins(now);
    }
    long left = Math.max(0, parcel.batch().giveUpNanos() - now);
    parcel.expireBy(
        its.timer()
            .schedule(() -> turns.execute(() -> expire(parcel)), left, TimeUnit.NANOSECONDS));
    outbox.add(parcel);
    watch();
    pump();
  }

  private void pump() {
    if (closed || pause.asked() || outbox.isSent()) {
      return;
    }
    if (call == null) {
      open(leader.lead());
    } else if (leader.isPresent(call.lead())) {
      send(call);
    }
  }

  private void open(Lead lead) {
    long now = its.nanoClock().getAsLong();
    WriterLink link =
        pause.over() && lead.notBeforeNanos() - now <= 0 ? its.links().to(lead.writer()) : null;
    if (link != null) {
      call = new PutCall(lead, link, turns, this, now);
      call.start();
    }
  }

  private void send(PutCall to) {
    while (to.ready()) {
      PutMessage message = outbox.next(leader.proven(to.lead()), its.nanoClock().getAsLong());
      if (message == null) {
        return;
      }
      meters.messages().increment();
      meters.bytes().add(message.bytes());
      to.send(message.frame());
    }
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
    long now = its.nanoClock().getAsLong();
    PutMessage message = outbox.answered(answer.sequence(), now);
    if (message == null) {
      LOG.warn("stream {}: an answer to message {}, which waits for none", key, answer.sequence());
      return;
    }
    if (answer.status() == PutAnswer.Status.NOT_LEADER) {
      lastLoss = "the Writer at " + from.lead().writer() + " does not lead this log";
      outbox.notLed(message);
      leader.notLeading(from.lead(), answer.text());
      return;
    }
    outbox.dealtWith(message);
    pause.answered();
    if (answer.status() == PutAnswer.Status.REFUSED && answer.want() == PutAnswer.Want.WRITER) {
      leader.doubt(from.lead());
    } else {
      vigil.begins(now);
      leader.heard(from.lead());
    }
    switch (answer.status()) {
      case DONE -> done(message, answer);
      case REFUSED -> refused(message, answer);
      case MALFORMED -> malformed(message, answer);
      case NOT_LEADER -> throw new IllegalStateException();
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
    pumpAfter(TimeUnit.MILLISECONDS.toNanos(1L + pause.refused(answer)));
    message.parcels().forEach(parcel -> parcel.refused(pause.told()));
    outbox.refused(message);
    outbox.forEachUnsent(this::refuseIfHopeless);
    outbox.dropUnawaited();
  }

  /** What will have no time left when the Writer may be asked again need not wait for it. */
  private void refuseIfHopeless(Parcel parcel) {
    Delivery refused = pause.outlasts(parcel.batch()) ? pause.told() : null;
    if (refused != null) {
      parcel.tell(refused);
    }
  }

  /**
   * One bad batch must not take its neighbours with it: send each apart, then it is the one. And
   * not compressed, as a Writer of an older version would have it.
   */
  private void malformed(PutMessage message, PutAnswer answer) {
    LOG.error(
        "stream {}: the Writer cannot read a message of {} batches: {}",
        key,
        message.parcels().size(),
        answer.text());
    if (!message.canBeApart()) {
      meters.malformed().increment();
      message.tell(new Delivery.Unanswered("the Writer cannot read it: " + answer.text()));
      message.finish();
      return;
    }
    outbox.apart(message);
  }

  /** The lead is another, perhaps: what is on its way to the old one goes to the new one, too. */
  private void moved() {
    if (closed || (call != null && leader.isPresent(call.lead()))) {
      return;
    }
    leave("another Writer leads this log");
    pause.end();
    pumpAfter(leader.lead().notBeforeNanos() - its.nanoClock().getAsLong());
  }

  /** Nothing more comes of the call; who has lost its connection is told as if gRPC had said so. */
  private void leave(String why) {
    PutCall left = call;
    if (left != null) {
      boolean fallen = left.opened() && left.fallen();
      if (fallen) {
        meters.lost().increment();
      }
      left.cancel(why);
      end(left, fallen);
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
    LOG.info("stream {} to {} is lost: {}", key, from.lead().writer(), lastLoss);
    boolean fallen = from.fallen();
    end(from, true);
    pumpAfter(TimeUnit.MILLISECONDS.toNanos(1L + pause.lost()));
    if (fallen || pause.lossesInARow() >= LOSSES_OF_A_WRONG_WRITER) {
      leader.lost(from.lead());
    } else {
      leader.doubt(from.lead());
    }
  }

  /** There is no call any more; what was on its way is owed. */
  private void end(PutCall ended, boolean lost) {
    call = null; // its callbacks are nobody's any more
    if (lost) {
      outbox.lost(new Loss(ended::fallen, lastLoss));
    } else {
      outbox.moved();
    }
  }

  /** While it has something to do it looks now and then whether the Writer does its part. */
  private void watch() {
    if (!watched) {
      watched = true;
      after(Vigil.LOOK_NANOS, this::look);
    }
  }

  private void look() {
    watched = false;
    if (closed || outbox.isIdle()) {
      return;
    }
    watch();
    leader.wanted();
    PutCall present = call;
    if (present == null || !leader.hasOthers()) {
      return;
    }
    long now = its.nanoClock().getAsLong();
    long waited = present.waitedNanos(now);
    if (!present.connected() && vigil.waitsTooLong(waited)) {
      leave("there is no connection");
      leader.lost(present.lead());
    } else if (vigil.isSilent(Math.max(waited, outbox.silentNanos(now)))) {
      leader.doubt(present.lead());
    }
  }

  private void pumpAfter(long nanos) {
    after(nanos, this::pump);
  }

  private void after(long nanos, Runnable turn) {
    long wait = Math.max(0, nanos);
    var unused = its.timer().schedule(() -> turns.execute(turn), wait, TimeUnit.NANOSECONDS);
  }

  private void expire(Parcel parcel) {
    if (parcel.awaited()) {
      meters.unanswered().increment();
      parcel.tell(outOfTime(parcel));
    }
    outbox.expired(parcel);
  }

  /** Who was refused before is told so, though the answer to the last attempt is still to come. */
  private Delivery outOfTime(Parcel parcel) {
    Delivery refused = pause.told();
    if (refused != null) {
      return refused;
    }
    if (call == null || !call.opened()) {
      return new Delivery.Unanswered(lastLoss);
    }
    Delivery before = parcel.refusal();
    return before == null ? new Delivery.Unanswered("the Writer did not answer in time") : before;
  }

  private void abandon() {
    closed = true;
    if (call != null) {
      call.cancel("the Acceptor stops");
    }
    call = null; // its callbacks are nobody's any more
    outbox.abandon(STOPPED);
  }
}
