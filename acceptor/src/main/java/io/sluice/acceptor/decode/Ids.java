package io.sluice.acceptor.decode;

/** Trace and span ids: any length, and all zeros means none. */
final class Ids {

  static boolean isSet(byte[] buf, long range) {
    int end = ProtoReader.start(range) + ProtoReader.length(range);
    for (int i = ProtoReader.start(range); i < end; i++) {
      if (buf[i] != 0) {
        return true;
      }
    }
    return false;
  }

  private Ids() {}
}
