package io.sluice.acceptor.receive;

import io.sluice.schema.service.Settings;

/**
 * How OTLP/HTTP meets its clients, apart from what their requests may hold.
 *
 * @param cross which pages in browsers may send
 * @param slowest how fast bodies must come
 */
public record HttpEdge(CrossOrigin cross, BodyPace.Least slowest) {

  /** As it is where nothing is set. */
  public static final HttpEdge DEFAULT = new HttpEdge(CrossOrigin.OFF, BodyPace.Least.DEFAULT);

  /** Reads them; problems stay in the settings. */
  public static HttpEdge from(Settings settings) {
    return new HttpEdge(CrossOrigin.from(settings), BodyPace.Least.DEFAULT);
  }
}
