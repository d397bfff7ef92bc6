package io.sluice.bench.whole;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** What fields are filled with: usual and extreme, from a seed. */
final class RandomContent {

  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "GET /cart",
          "k8s.pod.name",
          "é€𝄞",
          "q\"b\\s/\b\t\n\f\r\u0000\u001f\u007f",
          "a text that does not fit into a few machine words, 0123456789".repeat(2));
  private static final List<byte[]> BROKEN =
      List.of(
          new byte[] {(byte) 0xc3},
          new byte[] {'a', (byte) 0xff, 'b'},
          new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
          new byte[] {(byte) 0xf0, (byte) 0x9f, (byte) 0x98});
  private static final List<Long> LONGS =
      List.of(0L, 1L, -1L, 127L, 128L, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE);
  private static final List<Double> DOUBLES =
      List.of(
          0.0,
          -0.0,
          1.0,
          2e23,
          Double.MIN_VALUE,
          Double.MAX_VALUE,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Double.NaN);
  private static final long NANOS_PER_DAY = 86_400_000_000_000L;
  private static final int DAYS = 2;

  private final Random random;
  private final long now;

  /**
   * Made for one request.
   *
   * @param now the time, unix nanos; most events are from the two days before it
   */
  RandomContent(Random random, long now) {
    this.random = random;
    this.now = now;
  }

  String text() {
    return pick(TEXTS) + (random.nextInt(3) == 0 ? "" : random.nextInt(100));
  }

  /** Not UTF-8. */
  byte[] broken() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(text().getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(pick(BROKEN));
    bytes.writeBytes(text().getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  String service() {
    return List.of("cart", "shop", "pay", "mail").get(random.nextInt(4));
  }

  /** Ids and payloads: right and wrong lengths, zeros. */
  byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(3) == 0 ? random.nextInt(40) : 8 * random.nextInt(3)];
    if (random.nextInt(4) > 0) {
      random.nextBytes(bytes);
    }
    return bytes;
  }

  long integer() {
    return random.nextInt(4) > 0 ? pick(LONGS) : random.nextInt(1000);
  }

  long time() {
    return random.nextBoolean()
        ? integer()
        : now - Math.floorMod(random.nextLong(), DAYS * NANOS_PER_DAY);
  }

  double number() {
    return random.nextInt(8) > 0 ? pick(DOUBLES) : random.nextGaussian();
  }

  /** Any double, or a NaN with bits of its own, quiet or signaling. */
  long numberBits() {
    if (random.nextInt(4) == 0) {
      long quiet = random.nextBoolean() ? 0x7ff8000000000000L : 0xfff0000000000000L;
      return quiet | 1 + random.nextInt(1 << 20);
    }
    return Double.doubleToLongBits(number());
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
