package io.sluice.bench.figures;

import com.google.protobuf.MessageLite;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decoding to Arrow against protobuf-java's parseFrom alone, by the time of one thread's processor:
 * requests of each signal, small and large, in ASCII and not.
 */
final class DecodeFigure implements Figure {

  private static final int RECORDS = 1_000;
  private static final int FEW = 100;
  private static final int MANY = 8_000;

  /** Of an effort's seconds, because there are many shapes. */
  private static final double SHARE = 0.25;

  /** Bytes a row: one object of the least size, 16 bytes, for every 320 rows. */
  private static final double HEAP_TOLERANCE = 0.05;

  /** Where parsed requests escape to, so that the compiler cannot leave their making out. */
  private volatile @Nullable MessageLite escaped;

  @Override
  public String name() {
    return "decode";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    List<Ratio> ratios = new ArrayList<>();
    for (Signal signal : Signal.stable()) {
      double warmup = effort.warmupSeconds();
      for (int records : new int[] {RECORDS, FEW, MANY}) {
        try (DecodeWork ascii = new DecodeWork(signal, records);
            DecodeWork foreign = ascii.foreign()) {
          String what = signal + " x " + String.format(Locale.ROOT, "%,d", records);
          ratios.add(speed(effort, warmup, what, ascii, records));
          warmup = effort.seconds() * SHARE;
          ratios.add(speed(effort, warmup, what + ", not ASCII", foreign, records));
        }
      }
      ratios.add(heap(signal));
      ratios.add(bytes(signal));
    }
    return ratios;
  }

  private Ratio speed(Effort effort, double warmup, String what, DecodeWork work, int records)
      throws Exception {
    Stopwatch ours = new Stopwatch(work::decode);
    Stopwatch reference = new Stopwatch(() -> parse(work));
    ours.perCpuSecond(warmup);
    reference.perCpuSecond(warmup);
    double seconds = effort.seconds() * SHARE;
    Rounds rounds = new Rounds();
    for (int i = 0; i < effort.rounds(); i++) {
      rounds.add(ours.perCpuSecond(seconds), reference.perCpuSecond(seconds));
    }
    double megabytes = work.bytes() / 1e6;
    return Ratio.atLeast(
        "decode to Arrow / parseFrom alone, " + what,
        rounds.ratio(),
        3,
        String.format(
            Locale.ROOT,
            "%.0f / %.0f MB/s of OTLP, %.0f / %.0f ns a record of %d bytes",
            rounds.ours() * megabytes,
            rounds.reference() * megabytes,
            1e9 / rounds.ours() / records,
            1e9 / rounds.reference() / records,
            work.bytes() / records));
  }

  private long parse(DecodeWork work) throws IOException {
    escaped = work.parse();
    return escaped == null ? 0 : 1;
  }

  /** The slope: what a request costs by itself is not asked. */
  private static Ratio heap(Signal signal) throws Exception {
    double few = allocated(signal, RECORDS);
    double many = allocated(signal, MANY);
    double slope = (many - few) / (MANY - RECORDS);
    return Ratio.atMost(
        "heap bytes per extra row while decoding, " + signal,
        slope,
        HEAP_TOLERANCE,
        String.format(
            Locale.ROOT,
            "%.2f bytes a row: %.0f bytes a request of 1,000 rows, %.0f of 8,000",
            slope,
            few,
            many));
  }

  private static double allocated(Signal signal, int records) throws Exception {
    try (DecodeWork work = new DecodeWork(signal, records)) {
      for (int i = 0; i < 2_000_000 / records; i++) {
        work.decode();
      }
      int requests = 200;
      long before = Stopwatch.allocatedBytes();
      for (int i = 0; i < requests; i++) {
        work.decode();
      }
      return (double) (Stopwatch.allocatedBytes() - before) / requests;
    }
  }

  private static Ratio bytes(Signal signal) throws Exception {
    try (DecodeWork work = new DecodeWork(signal, RECORDS)) {
      double ratio = (double) work.messageBytes() / work.bytes();
      return Ratio.atMost(
          "wire bytes = WAL bytes / OTLP bytes, " + signal,
          ratio,
          1.6,
          "%d / %d bytes, uncompressed".formatted(work.messageBytes(), work.bytes()));
    }
  }
}
