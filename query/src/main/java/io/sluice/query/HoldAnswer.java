package io.sluice.query;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * How a hold stands at a Writer.
 *
 * @param state waiting, held, kept, broken or refused
 * @param why it does not stand well, or what it waits for
 * @param writer whose id it is that answered
 * @param writers how many its cluster has
 */
record HoldAnswer(String state, String why, String writer, int writers) {

  static HoldAnswer parse(byte[] answer) throws ReadException {
    try {
      Map<?, ?> hold = Json.object(Json.parse(answer));
      return new HoldAnswer(
          Json.text(hold.get("state")),
          Json.text(hold.get("why")),
          Json.text(hold.get("writer")),
          Integer.parseInt(Json.text(hold.get("writers"))));
    } catch (IOException | NumberFormatException e) {
      throw new ReadException(
          "cannot read how a hold stands: " + new String(answer, StandardCharsets.UTF_8), e);
    }
  }

  boolean isHeld() {
    return state.equals("held");
  }

  boolean isWaiting() {
    return state.equals("waiting");
  }

  boolean isKept() {
    return state.equals("kept");
  }
}
