package io.sluice.acceptor.decode;

/**
 * Whether equal bytes are the same part sent again, and not another one that happens to be equal:
 * if one of its records cannot be there twice by chance, or if its records were made at several
 * different milliseconds of a second, as those of clocks that know no less. One of the two is
 * enough, since it is the whole request whose bytes are compared. One thread owns it.
 */
final class PartIdentity {

  /** Fewer than so many may be shared by two processes that tick alike. */
  static final int MOMENTS = 3;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long MILLIS_PER_SECOND = 1_000;

  private final int[] moments = new int[MOMENTS];
  private int count;
  private boolean unique;

  /** A new part begins. */
  void clear() {
    count = 0;
    unique = false;
  }

  /** One of its records cannot be there twice by chance. */
  void unique() {
    unique = true;
  }

  /**
   * One of its records was made then; a whole second is the time of a coarser clock, or of a timer.
   *
   * @param unixNano of a clock of milliseconds; 0 is none
   */
  void made(long unixNano) {
    int moment =
        (int)
            Long.remainderUnsigned(
                Long.divideUnsigned(unixNano, NANOS_PER_MILLI), MILLIS_PER_SECOND);
    if (moment == 0 || count == MOMENTS) {
      return;
    }
    for (int i = 0; i < count; i++) {
      if (moments[i] == moment) {
        return;
      }
    }
    moments[count++] = moment;
  }

  boolean known() {
    return unique || count == MOMENTS;
  }
}
