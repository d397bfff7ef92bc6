package io.sluice.acceptor.forward;

import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a message that was alone on its stream when the stream was lost. If the
 * connection stands, it is the message that the Writer cannot take: then its batches are tried one
 * by one, and one that loses its stream again is given up, retryable. If the connection fell, the
 * Writer is gone, and that is hardly the message's fault: its batches are tried one by one as well,
 * which costs nothing, but a batch is given up only after more Writers than elections explain.
 */
final class LossPolicy {

  private static final Logger LOG = LoggerFactory.getLogger(LossPolicy.class);

  /** Losses alone after which a message's batches are tried one by one. */
  private static final int TOGETHER = 2;

  /** Losses alone after which a batch is given up, while the connection stood. */
  private static final int STANDING = 3;

  /** Connections lost alone after which a batch is given up. */
  private static final int FALLEN = 6;

  private final StreamKey key;
  private final ForwardMeters meters;
  private final LongSupplier sequences;

  LossPolicy(StreamKey key, ForwardMeters meters, LongSupplier sequences) {
    this.key = key;
    this.meters = meters;
    this.sequences = sequences;
  }

  /** What of the message is to be tried again. */
  List<PutMessage> tryAgain(PutMessage message) {
    List<Loss> losses = message.lossesAlone();
    if (message.parcels().size() > 1) {
      return losses.size() < TOGETHER ? List.of(message) : message.apart(sequences);
    }
    long fallen = losses.stream().filter(loss -> loss.fallen().getAsBoolean()).count();
    if (losses.size() - fallen < STANDING && fallen < FALLEN) {
      return List.of(message);
    }
    String why = losses.get(losses.size() - 1).why();
    LOG.error(
        "stream {}: {} is given up: it lost it {} times ({})", key, message, losses.size(), why);
    meters.abandoned().increment();
    message.tell(new Delivery.Unanswered("the stream to the Writer was lost: " + why));
    message.finish();
    return List.of();
  }
}
