package io.sluice.bench.figures;

import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Templates;
import io.sluice.schema.table.Signal;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** What the JDK's library alone takes to decompress a request of the load, and check it. */
final class Inflating {

  private static final int SPANS = 512;
  private static final long EPOCH_NANOS = 1_795_000_000_123_456_789L;

  /** Nanoseconds of processor time a span. */
  static double nanosPerSpan(double seconds) throws Exception {
    byte[] request =
        Templates.of(Set.of(Signal.TRACES), SPANS, 42, EPOCH_NANOS)
            .of(Signal.TRACES, 0)
            .fill(new RunKeys(42), 0, 0, EPOCH_NANOS);
    byte[] deflated = deflated(request);
    byte[] plain = new byte[request.length];
    Stopwatch watch = new Stopwatch(() -> inflate(deflated, plain));
    return 1e9 / watch.perCpuSecond(seconds) / SPANS;
  }

  private static long inflate(byte[] deflated, byte[] plain) throws DataFormatException {
    Inflater inflater = new Inflater(true);
    CRC32 crc = new CRC32();
    try {
      inflater.setInput(deflated);
      crc.update(plain, 0, inflater.inflate(plain));
      return crc.getValue();
    } finally {
      inflater.end();
    }
  }

  private static byte[] deflated(byte[] plain) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(plain);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[8 << 10];
    while (!deflater.finished()) {
      out.write(piece, 0, deflater.deflate(piece));
    }
    deflater.end();
    return out.toByteArray();
  }

  private Inflating() {}
}
