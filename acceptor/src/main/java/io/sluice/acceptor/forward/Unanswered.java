package io.sluice.acceptor.forward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Messages on their way, and for how long nothing has been heard of them. Owned by its stream. */
final class Unanswered {

  private final Map<Long, PutMessage> messages = new LinkedHashMap<>();
  private long bytes;
  private long sinceNanos;

  void sent(PutMessage message, long nowNanos) {
    if (messages.isEmpty()) {
      sinceNanos = nowNanos;
    }
    messages.put(message.sequence(), message);
    bytes += message.bytes();
  }

  /** Takes out the message that was answered; null if there is none such. */
  @Nullable PutMessage answered(long sequence, long nowNanos) {
    sinceNanos = nowNanos;
    PutMessage message = messages.remove(sequence);
    bytes -= message == null ? 0 : message.bytes();
    return message;
  }

  /** Takes out all, in the order in which they were sent. */
  List<PutMessage> takeAll() {
    List<PutMessage> all = new ArrayList<>(messages.values());
    messages.clear();
    bytes = 0;
    return all;
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  int size() {
    return messages.size();
  }

  long bytes() {
    return bytes;
  }

  /** How long there have been some with no answer to any of them; 0 if there are none. */
  long silentNanos(long nowNanos) {
    return messages.isEmpty() ? 0 : nowNanos - sinceNanos;
  }

  void forEach(Consumer<PutMessage> action) {
    messages.values().forEach(action);
  }
}
