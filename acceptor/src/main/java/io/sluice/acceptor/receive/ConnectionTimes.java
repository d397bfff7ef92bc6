package io.sluice.acceptor.receive;

import java.time.Duration;

/**
 * What a gRPC connection may take its time for, beside its age, which is a setting.
 *
 * @param permitPing between two pings of a client, with calls or without; one that pings faster is
 *     told to calm down and is cut
 * @param ping after which silence a client is pinged
 * @param pingAnswer until when it must have answered, or is cut: so is who never says a word
 * @param idle without a call, after which it is asked to reconnect when it has one
 * @param handshake until when a new one must have made its handshake
 * @param taken until when an answer must have been taken, or the connection is cut
 * @param grace for calls in flight on one that was asked to reconnect: more than a request takes
 */
public record ConnectionTimes(
    Duration permitPing,
    Duration ping,
    Duration pingAnswer,
    Duration idle,
    Duration handshake,
    Duration taken,
    Duration grace) {

  /** Collectors and SDKs are told to ping every 10 s; metrics come once a minute. */
  public static final ConnectionTimes DEFAULT =
      new ConnectionTimes(
          Duration.ofSeconds(9), // clients' timers are not exact, and ours is not either
          Duration.ofSeconds(60),
          Duration.ofSeconds(20),
          Duration.ofMinutes(2),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(30));
}
