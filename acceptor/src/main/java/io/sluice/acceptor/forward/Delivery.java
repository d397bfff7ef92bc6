package io.sluice.acceptor.forward;

/** How the delivery of one batch ended. */
public sealed interface Delivery {

  /** Durable: by this batch, or by an earlier one that this repeats. */
  record Stored(boolean repeat) implements Delivery {}

  /** Not taken, there is no room; the client may send it again after so many milliseconds. */
  record Refused(int retryAfterMillis, String reason) implements Delivery {}

  /** Not taken, as the Writer can take nothing; the client may send it again after so long. */
  record Away(int retryAfterMillis, String reason) implements Delivery {}

  /** No answer within the time; it may have been stored all the same. */
  record Unanswered(String reason) implements Delivery {}
}
