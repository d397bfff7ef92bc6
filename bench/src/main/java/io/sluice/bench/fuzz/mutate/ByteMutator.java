package io.sluice.bench.fuzz.mutate;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages bytes without knowing what they mean. */
public final class ByteMutator {

  private static final int[] EXTREMES = {0, 1, 0x7f, 0x80, 0xff, 0xc0, 0xed, 0xf8, '"', '{', '\n'};
  private static final int LONGEST_RUN = 40;

  /** One to four damages. */
  public byte[] mutate(byte[] good, SplittableRandom random) {
    byte[] bytes = good;
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times; i++) {
      bytes = once(bytes, random);
    }
    return bytes;
  }

  private static byte[] once(byte[] from, SplittableRandom random) {
    if (from.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    int at = random.nextInt(from.length);
    int run = 1 + random.nextInt(Math.min(LONGEST_RUN, from.length - at));
    return switch (random.nextInt(8)) {
      case 0 -> Arrays.copyOf(from, at);
      case 1, 2 -> with(from, at, from[at] ^ (1 << random.nextInt(8)));
      case 3 -> with(from, at, EXTREMES[random.nextInt(EXTREMES.length)]);
      case 4 -> with(from, at, random.nextInt(256));
      case 5 -> splice(from, at, run, new byte[0]);
      case 6 -> splice(from, at, 0, Arrays.copyOfRange(from, at, at + run));
      default -> {
        int other = random.nextInt(from.length - run + 1);
        yield splice(from, at, run, Arrays.copyOfRange(from, other, other + run));
      }
    };
  }

  /** The bytes with a run replaced. */
  static byte[] splice(byte[] from, int at, int run, byte[] by) {
    byte[] to = new byte[from.length - run + by.length];
    System.arraycopy(from, 0, to, 0, at);
    System.arraycopy(by, 0, to, at, by.length);
    System.arraycopy(from, at + run, to, at + by.length, from.length - at - run);
    return to;
  }

  private static byte[] with(byte[] from, int at, int value) {
    byte[] to = from.clone();
    to[at] = (byte) value;
    return to;
  }
}
