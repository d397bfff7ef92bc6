package io.sluice.acceptor.decode;

/** Trace and span ids: any length, and all zeros means none. */
final class Ids {

  private static final long NANOS_PER_MILLI = 1_000_000;

  static boolean isSet(byte[] buf, long range) {
    int end = ProtoReader.start(range) + ProtoReader.length(range);
    for (int i = ProtoReader.start(range); i < end; i++) {
      if (buf[i] != 0) {
        return true;
      }
    }
    return false;
  }

  /** True if a clock finer than milliseconds gave it: then no two events share it by chance. */
  static boolean isFine(long unixNano) {
    return Long.remainderUnsigned(unixNano, NANOS_PER_MILLI) != 0;
  }

  private Ids() {}
}
