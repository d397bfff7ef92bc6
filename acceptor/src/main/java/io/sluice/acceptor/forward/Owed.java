package io.sluice.acceptor.forward;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are to be sent again. What the Writer refused, or did not take as it does not lead,
 * goes on as before. What was on its way when a stream was lost is suspected to have lost it (a
 * message larger than the Writer takes does): it is tried with nothing else on the stream, so that
 * it takes no neighbour along when it does so again, and in turns with what was never lost, so that
 * nobody waits for a poisonous one. Owned by its stream.
 */
final class Owed {

  private final Deque<PutMessage> cleared = new ArrayDeque<>();
  private final Deque<PutMessage> suspects = new ArrayDeque<>();
  private @Nullable PutMessage tried;
  private boolean othersTurn;

  boolean isEmpty() {
    return cleared.isEmpty() && suspects.isEmpty();
  }

  /** It did no harm: the Writer answered, but did not store it. */
  void add(PutMessage message, Again why) {
    message.again(why);
    cleared.add(message);
  }

  /** Another Writer is to have them; what was tried has still to show that it does no harm. */
  void moved(Collection<PutMessage> messages) {
    for (PutMessage message : messages) {
      if (message == tried) {
        message.again(Again.LEADER);
        suspects.addFirst(message);
        tried = null;
      } else {
        add(message, Again.LEADER);
      }
    }
  }

  /** The others, which were never lost, come first. */
  void lost(Collection<PutMessage> messages) {
    tried = null;
    messages.forEach(message -> message.again(Again.LOST));
    suspects.addAll(messages);
    othersTurn = true;
  }

  /** True while nothing may be on its way beside what {@link #nextTried} gave. */
  boolean trying() {
    return tried != null || !suspects.isEmpty();
  }

  boolean othersTurn() {
    return othersTurn;
  }

  /** One of the others was sent. */
  void othersHadTheirTurn() {
    othersTurn = false;
  }

  /** What is left of the next suspect; null if there is none. */
  @Nullable PutMessage nextTried(LossPolicy losses) {
    othersTurn = true;
    tried = null;
    while (tried == null && !suspects.isEmpty()) {
      Deque<PutMessage> left = new ArrayDeque<>(losses.tryAgain(suspects.remove()));
      tried = left.poll();
      while (!left.isEmpty()) {
        suspects.addFirst(left.removeLast());
      }
    }
    return tried;
  }

  /** It was answered, so it is no suspect any more. */
  void answered(PutMessage message) {
    if (tried == message) {
      tried = null;
    }
  }

  @Nullable PutMessage nextCleared() {
    return cleared.poll();
  }

  void forEachParcel(Consumer<Parcel> action) {
    cleared.forEach(message -> message.parcels().forEach(action));
    suspects.forEach(message -> message.parcels().forEach(action));
  }

  /** Takes out what nobody waits for any more. */
  List<PutMessage> removeUnawaited() {
    List<PutMessage> removed = new ArrayList<>();
    for (Deque<PutMessage> messages : List.of(cleared, suspects)) {
      messages.removeIf(
          message -> {
            if (!message.awaited()) {
              removed.add(message);
            }
            return !message.awaited();
          });
    }
    return removed;
  }
}
