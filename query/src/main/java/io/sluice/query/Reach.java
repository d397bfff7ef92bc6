package io.sluice.query;

import java.io.IOException;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * How far a following read has come.
 *
 * @param position up to which all rows came
 * @param rows how many came besides, of what follows that position
 */
record Reach(long position, long rows) {

  /**
   * What the Writer says beside a batch; null if it says nothing.
   *
   * @throws ReadException it is not understood
   */
  static @Nullable Reach of(@Nullable ArrowBuf beside) throws ReadException {
    if (beside == null || beside.readableBytes() == 0) {
      return null;
    }
    byte[] json = new byte[(int) beside.readableBytes()];
    beside.getBytes(beside.readerIndex(), json);
    try {
      Map<?, ?> said = Json.object(Json.parse(json));
      return new Reach(
          Long.parseLong(Json.text(said.get("position"))),
          Long.parseLong(Json.text(said.get("rows"))));
    } catch (IOException | NumberFormatException e) {
      throw new ReadException(
          "cannot follow: a Writer does not say how far it is (use the same version of both)", e);
    }
  }

  /** The farther of the two: a read that begins anew passes over what was read before. */
  Reach further(Reach other) {
    return other.position > position || (other.position == position && other.rows > rows)
        ? other
        : this;
  }
}
