package io.sluice.bench.fuzz.mutate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.flight.impl.Flight;

/**
 * A stream of DoPut: the message that opens it and one with rows, right or wrong as FlightData, as
 * IPC, in what the metadata says and in the vectors. An input is the length of the first (four
 * bytes), then both.
 */
public final class PutMutator {

  private static final long[] EXTREMES = {0, 1, -1, 7, 1L << 31, Integer.MAX_VALUE, Long.MAX_VALUE};
  private static final int METADATA = 3;

  /** Both messages of a good stream. */
  public static final class Stream {
    private final byte[] opening;
    private final byte[] rows;

    public Stream(byte[] opening, byte[] rows) {
      this.opening = opening;
      this.rows = rows;
    }

    /** Of an input. */
    public static Stream parse(byte[] input) {
      int length = ByteBuffer.wrap(input).getInt();
      byte[] opening = Arrays.copyOfRange(input, Integer.BYTES, Integer.BYTES + length);
      return new Stream(opening, Arrays.copyOfRange(input, Integer.BYTES + length, input.length));
    }

    public byte[] opening() {
      return opening;
    }

    public byte[] rows() {
      return rows;
    }

    byte[] bytes() {
      return ByteBuffer.allocate(Integer.BYTES + opening.length + rows.length)
          .putInt(opening.length)
          .put(opening)
          .put(rows)
          .array();
    }
  }

  private final List<Stream> good;
  private final WireMutator fields = new WireMutator();
  private final ByteMutator bytes = new ByteMutator();
  private final ArrowMutator arrow = new ArrowMutator();

  public PutMutator(List<Stream> good) {
    this.good = List.copyOf(good);
  }

  /** An input. */
  public byte[] stream(SplittableRandom random) {
    Stream stream = good.get(random.nextInt(good.size()));
    Stream donor = good.get(random.nextInt(good.size()));
    byte[] opening = stream.opening;
    byte[] rows = named(stream.rows, random);
    switch (random.nextInt(16)) {
      case 0 -> opening = flight(opening, donor.opening, random);
      case 1 -> opening = inside(opening, random);
      case 2 -> rows = flight(rows, donor.rows, random);
      case 3 -> rows = bytes.mutate(rows, random);
      case 4 -> {} // good
      case 5 -> opening = random.nextInt(8) > 0 ? opening : SchemaBombs.opening(opening, random);
      case 6, 7, 8, 9, 10 -> rows = arrow.rows(rows, random);
      default -> rows = inside(rows, random);
    }
    return new Stream(opening, rows).bytes();
  }

  private byte[] flight(byte[] message, byte[] donor, SplittableRandom random) {
    return fields.mutate(message, donor, Flight.FlightData.getDescriptor(), random);
  }

  /** A batch that nobody has sent before: its id is behind the metadata's 16 bytes. */
  private static byte[] named(byte[] message, SplittableRandom random) {
    List<WireField> parts = WireField.parse(message, Flight.FlightData.getDescriptor());
    if (parts == null) {
      throw new IllegalStateException("cannot name a batch: the corpus has no FlightData");
    }
    for (WireField part : parts) {
      if (part.number == METADATA) {
        part.bytes = part.bytes.clone();
        ByteBuffer.wrap(part.bytes).putLong(16, random.nextLong()).putLong(24, random.nextLong());
      }
    }
    return WireField.bytes(parts);
  }

  /** Damages what one of the message's fields holds; its length is right again. */
  private byte[] inside(byte[] message, SplittableRandom random) {
    List<WireField> parts = WireField.parse(message, Flight.FlightData.getDescriptor());
    if (parts == null || parts.isEmpty()) {
      return message;
    }
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      WireField part = parts.get(random.nextInt(parts.size()));
      byte[] content = part.content();
      part.fields = null;
      part.bytes = random.nextBoolean() ? number(content, random) : bytes.mutate(content, random);
    }
    return WireField.bytes(parts);
  }

  /** A count, a length or an offset, in the middle of others. */
  private static byte[] number(byte[] content, SplittableRandom random) {
    byte[] changed = content.clone();
    if (changed.length < Long.BYTES) {
      return changed;
    }
    ByteBuffer out = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
    int at = random.nextInt(changed.length / Integer.BYTES) * Integer.BYTES;
    long value =
        random.nextInt(3) == 0
            ? out.getInt(Math.min(at, changed.length - 4)) + random.nextInt(9) - 4
            : EXTREMES[random.nextInt(EXTREMES.length)];
    if (at + Long.BYTES <= changed.length && random.nextInt(3) == 0) {
      out.putLong(at, value);
    } else if (at + Integer.BYTES <= changed.length) {
      out.putInt(at, (int) value);
    }
    return changed;
  }
}
