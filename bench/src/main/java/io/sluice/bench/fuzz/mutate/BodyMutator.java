package io.sluice.bench.fuzz.mutate;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Compresses bodies, damages what comes of it, calls it by another's name, and makes bombs. */
final class BodyMutator {

  private static final String[] NAMES = {"gzip", "zstd", "deflate"};

  private final ByteMutator bytes = new ByteMutator();
  private final byte[] gzipBomb;
  private final byte[] zstdBomb;

  BodyMutator(int largest) {
    byte[] zeros = new byte[largest + (largest >> 2)];
    gzipBomb = compressed("gzip", zeros);
    zstdBomb = compressed("zstd", zeros);
  }

  /** A body as it is sent. */
  static final class Encoded {
    private final String name;
    private final byte[] bytes;

    /**
     * @param name of its encoding; empty if it is plain
     */
    Encoded(String name, byte[] bytes) {
      this.name = name;
      this.bytes = bytes;
    }

    String name() {
      return name;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  Encoded encode(byte[] body, SplittableRandom random) {
    int how = random.nextInt(12);
    if (how < 6) {
      return new Encoded("", body);
    }
    String name = NAMES[random.nextInt(NAMES.length)];
    return switch (how) {
      case 6 -> new Encoded(name, body);
      case 7 -> new Encoded(name, bytes.mutate(compressed(name, body), random));
      case 8 -> new Encoded(name, twice(name, body, random));
      case 9 -> {
        boolean bomb = random.nextInt(40) == 0;
        boolean gzip = random.nextBoolean();
        yield bomb
            ? new Encoded(gzip ? "gzip" : "zstd", gzip ? gzipBomb : zstdBomb)
            : new Encoded(name, cut(compressed(name, body), random));
      }
      default -> new Encoded(name, compressed(name, body));
    };
  }

  private static byte[] cut(byte[] compressed, SplittableRandom random) {
    return Arrays.copyOf(compressed, random.nextInt(compressed.length + 1));
  }

  /** Two members, one inside the other, or with something behind. */
  private static byte[] twice(String name, byte[] body, SplittableRandom random) {
    byte[] once = compressed(name, body);
    return switch (random.nextInt(4)) {
      case 0 -> compressed(name, once);
      case 1 -> {
        int cut = random.nextInt(body.length + 1);
        byte[] first = compressed(name, Arrays.copyOf(body, cut));
        byte[] second = compressed(name, Arrays.copyOfRange(body, cut, body.length));
        yield ByteMutator.splice(first, first.length, 0, second);
      }
      case 2 -> ByteMutator.splice(once, once.length, 0, new byte[] {1, 2, 3});
      default -> ByteMutator.splice(once, once.length, 0, compressed(name, new byte[0]));
    };
  }

  static byte[] compressed(String name, byte[] plain) {
    if (name.equals("zstd")) {
      return Zstd.compress(plain);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        name.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot compress memory", e);
    }
    return bytes.toByteArray();
  }
}
