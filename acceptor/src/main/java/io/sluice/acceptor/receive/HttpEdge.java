package io.sluice.acceptor.receive;

import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import java.time.Duration;

/**
 * How OTLP/HTTP meets its clients, apart from what their requests may hold.
 *
 * @param cross which pages in browsers may send
 * @param maxConnections beyond which the newest is closed
 * @param idle after which a connection on which nothing happens is closed; longer than clients keep
 *     theirs, or they send on one that is just being closed
 * @param head how long the head of a request may take
 * @param slowest how fast bodies must come
 */
public record HttpEdge(
    CrossOrigin cross, int maxConnections, Duration idle, Duration head, BodyPace.Least slowest) {

  private static final int CONNECTIONS = 10_000;
  private static final Duration IDLE = Duration.ofSeconds(75);
  private static final Duration HEAD = Duration.ofSeconds(20);

  /** As it is where nothing is set. */
  public static final HttpEdge DEFAULT =
      new HttpEdge(CrossOrigin.OFF, CONNECTIONS, IDLE, HEAD, BodyPace.Least.DEFAULT);

  /** Reads them; problems stay in the settings. */
  public static HttpEdge from(Settings settings) {
    return new HttpEdge(
        CrossOrigin.from(settings),
        settings.get(
            "otlp.http.max-connections",
            Integer.toString(CONNECTIONS),
            Parsers.integer(1, 1_000_000),
            "connections of OTLP/HTTP beyond which the newest is closed"),
        IDLE,
        HEAD,
        BodyPace.Least.DEFAULT);
  }
}
