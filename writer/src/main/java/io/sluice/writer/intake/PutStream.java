package io.sluice.writer.intake;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.writer.buffer.StreamHead;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One DoPut stream. gRPC calls the listener one message at a time; answers come from the apply
 * thread, so that everything which touches the call holds the stream's monitor.
 *
 * <p>A message's credit is given back with its answer: what a stream can have in memory is bounded
 * by {@link #MESSAGES} messages, what all have by the budget.
 */
final class PutStream extends ServerCall.Listener<Payload> {

  private static final Logger LOG = LoggerFactory.getLogger(PutStream.class);
  private static final int MESSAGES = 16;
  private static final int MOST_HEAD_BYTES = 1 << 20;
  private static final int MOST_REASON = 1 << 10;

  private final ServerCall<Payload, byte[]> call;
  private final Intake intake;
  private @Nullable StreamHead head;
  private volatile Sender sender = Sender.NOBODY;
  private int waiting;
  private int owed;
  private boolean halfClosed;
  private boolean closed;

  PutStream(ServerCall<Payload, byte[]> call, Intake intake) {
    this.call = call;
    this.intake = intake;
  }

  void start() {
    call.sendHeaders(new Metadata());
    call.request(MESSAGES);
  }

  @Override
  public void onMessage(Payload payload) {
    try {
      StreamHead of = head;
      if (of == null) {
        try (payload) {
          of = head(payload);
          intake.requireLog(of);
        }
        sender = Sender.of(call.getAttributes(), of.table().tenant());
        head = of;
        credit();
        return;
      }
      synchronized (this) {
        waiting++;
      }
      intake.accept(this, of, payload);
    } catch (MalformedMessageException e) {
      end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
    } catch (RuntimeException | Error e) { // ours to mend: the sender sends again until then
      LOG.error("cannot take a message of put stream {}", head, e);
      end(Status.UNAVAILABLE.withDescription("cannot take message: " + e));
    }
  }

  private static StreamHead head(Payload payload) throws MalformedMessageException {
    if (payload.length() > MOST_HEAD_BYTES) {
      throw new MalformedMessageException(
          "cannot open put: its first message has %d bytes (at most %d)"
              .formatted(payload.length(), MOST_HEAD_BYTES));
    }
    return StreamHead.parse(payload.bytes());
  }

  /** For whom its messages count. */
  Sender sender() {
    return sender;
  }

  /** A message that asks for no answer. */
  void ignored() {
    synchronized (this) {
      waiting--;
    }
    credit();
  }

  private synchronized void credit() {
    owed++;
    giveCredit();
  }

  /** Not before the client takes its answers: else they would pile up here without bound. */
  private synchronized void giveCredit() {
    if (!closed && owed > 0 && call.isReady()) {
      call.request(owed);
      owed = 0;
    }
  }

  @Override
  public void onReady() {
    giveCredit();
  }

  /**
   * Any thread: answers one message and gives its credit back.
   *
   * @param stock the client sent no metadata and expects none: it learns from the stream's end
   */
  synchronized void answer(PutAnswer answer, boolean stock) {
    waiting--;
    if (head != null && answer.status() != PutAnswer.Status.DONE) {
      intake.refused(head.table(), answer);
    }
    if (closed) {
      return;
    }
    if (!stock) {
      call.sendMessage(answer.toBytes());
    } else if (answer.status() == PutAnswer.Status.REFUSED) {
      end(Status.UNAVAILABLE.withDescription(answer.text()));
      return;
    } else if (answer.status() == PutAnswer.Status.NOT_LEADER) {
      end(Status.UNAVAILABLE.withDescription(notLeader(answer.text())));
      return;
    } else if (answer.status() == PutAnswer.Status.MALFORMED) {
      end(Status.INVALID_ARGUMENT.withDescription(answer.text()));
      return;
    }
    credit();
    endIfDone();
  }

  private static String notLeader(String leader) {
    return "cannot take message: this Writer does not lead the log (%s)"
        .formatted(leader.isEmpty() ? "ask again" : "send it to " + leader);
  }

  @Override
  public synchronized void onHalfClose() {
    halfClosed = true;
    endIfDone();
  }

  @Override
  public synchronized void onCancel() {
    closed = true;
  }

  private synchronized void endIfDone() {
    if (halfClosed && waiting == 0) {
      end(Status.OK);
    }
  }

  /** Clients take no more than 8 KiB of trailers, and some reasons quote what the sender sent. */
  private static @Nullable String clipped(@Nullable String reason) {
    return reason == null || reason.length() <= MOST_REASON
        ? reason
        : reason.substring(0, MOST_REASON) + "...";
  }

  private synchronized void end(Status status) {
    if (closed) {
      return;
    }
    closed = true;
    Status told = status.withDescription(clipped(status.getDescription()));
    if (!told.isOk()) {
      LOG.warn("put stream {} ended: {}", head, told.getDescription());
    }
    call.close(told, new Metadata());
  }
}
