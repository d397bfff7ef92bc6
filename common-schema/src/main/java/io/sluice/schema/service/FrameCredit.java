package io.sluice.schema.service;

/**
 * Whether a client of HTTP/2 sends anything but frames that ask for nothing: settings, priorities,
 * data without a byte, frames that nobody knows. Each costs a little to read, and no limit of
 * gRPC's counts them. Calls and their data earn credit for some; who has none left floods. Pings,
 * resets and pieces of heads are counted by gRPC itself. Of one connection; one thread at a time.
 */
public final class FrameCredit {

  private static final int MOST = 1_000;

  /** Some clients say with each call how urgent it is. */
  private static final int OF_CALL = 4;

  private static final int PREFACE = 24;
  private static final int HEAD = 9;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int PRIORITY = 2;
  private static final int SETTINGS = 4;
  private static final int CONTINUATION = 9;

  private final byte[] head = new byte[HEAD];
  private int have;
  private int skip = PREFACE;
  private int credit = MOST;

  /** Bytes that came. */
  @FunctionalInterface
  public interface Bytes {
    byte at(int index);
  }

  /**
   * Looks at what came next on the connection, decrypted; false: it floods.
   *
   * @param from index of the first byte
   * @param to that behind the last
   */
  public boolean take(Bytes bytes, int from, int to) {
    int at = from;
    while (at < to && credit >= 0) {
      if (skip > 0) {
        int passed = Math.min(skip, to - at);
        at += passed;
        skip -= passed;
      } else {
        head[have++] = bytes.at(at++);
        if (have == HEAD) {
          have = 0;
          frame();
        }
      }
    }
    return credit >= 0;
  }

  /** Length u24, type u8, flags u8, stream u32. */
  private void frame() {
    skip = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
    int type = head[3] & 0xff;
    if (type == HEADERS) {
      credit = Math.min(MOST, credit + OF_CALL);
    } else if (type == DATA && (skip > 0 || (head[4] & 1) != 0)) {
      credit = Math.min(MOST, credit + 1);
    } else if (type == DATA || type == PRIORITY || type == SETTINGS || type > CONTINUATION) {
      credit--;
    }
  }
}
