package io.sluice.acceptor.columns;

/** What the columns of one request may take together, in bytes. One thread owns it. */
public final class ByteLimit {

  private final long bytes;
  private long taken;

  public ByteLimit(long bytes) {
    this.bytes = bytes;
  }

  public static ByteLimit none() {
    return new ByteLimit(Long.MAX_VALUE);
  }

  void take(long more) {
    taken += more;
    if (taken > bytes) {
      throw new ColumnsFullException("the columns would take more than " + bytes + " bytes");
    }
  }
}
