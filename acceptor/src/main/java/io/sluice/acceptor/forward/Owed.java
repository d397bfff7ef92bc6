package io.sluice.acceptor.forward;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are to be sent again. What the Writer refused goes on as before. What was on its
 * way when a stream was lost is suspected to have lost it (a message larger than the Writer takes
 * does): it is tried with nothing else on the stream, so that it takes no neighbour along when it
 * does so again, and in turns with what was never lost, so that nobody waits for a poisonous one.
 * Owned by its stream.
 */
final class Owed {

  private final Deque<PutMessage> refused = new ArrayDeque<>();
  private final Deque<PutMessage> suspects = new ArrayDeque<>();
  private @Nullable PutMessage tried;
  private boolean othersTurn;

  boolean isEmpty() {
    return refused.isEmpty() && suspects.isEmpty();
  }

  void refused(PutMessage message) {
    refused.add(message);
  }

  /** The others, which were never lost, come first. */
  void lost(Collection<PutMessage> messages) {
    tried = null;
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

  /** The next suspect; null if there is none. */
  @Nullable PutMessage nextTried() {
    tried = suspects.poll();
    othersTurn = true;
    return tried;
  }

  /** It was answered, so it is none any more. */
  void answered(PutMessage message) {
    if (tried == message) {
      tried = null;
    }
  }

  @Nullable PutMessage nextRefused() {
    return refused.poll();
  }

  void forEachParcel(Consumer<Parcel> action) {
    refused.forEach(message -> message.parcels().forEach(action));
    suspects.forEach(message -> message.parcels().forEach(action));
  }

  /** Takes out what nobody waits for any more. */
  List<PutMessage> removeUnawaited() {
    List<PutMessage> removed = new ArrayList<>();
    for (Deque<PutMessage> messages : List.of(refused, suspects)) {
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
