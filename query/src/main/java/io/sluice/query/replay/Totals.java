package io.sluice.query.replay;

/**
 * What became of the records so far.
 *
 * @param acked records that were taken
 * @param rejected records that an answer said were not (partial success)
 * @param refused records of requests that were refused for good
 * @param requests that were answered for good
 * @param bytes of these, not compressed
 */
public record Totals(long acked, long rejected, long refused, long requests, long bytes) {

  public static final Totals NONE = new Totals(0, 0, 0, 0, 0);

  Totals plus(Totals more) {
    return new Totals(
        acked + more.acked,
        rejected + more.rejected,
        refused + more.refused,
        requests + more.requests,
        bytes + more.bytes);
  }

  /** Records in all. */
  public long records() {
    return acked + rejected + refused;
  }
}
