package io.sluice.acceptor.forward;

/** How the delivery of one batch ended. */
public sealed interface Delivery {

  /** Durable: by this batch, or by an earlier one that this repeats. */
  record Stored(boolean repeat) implements Delivery {}

  /** Not taken for now; the client may send it again after so many milliseconds. */
  record Refused(int retryAfterMillis, String reason) implements Delivery {}

  /** No answer within the time; it may have been stored all the same. */
  record Unanswered(String reason) implements Delivery {}
}
