package io.sluice.bench.figures;

import com.google.protobuf.MessageLite;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decoding to Arrow against protobuf-java's parseFrom alone, on one thread. */
final class DecodeFigure implements Figure {

  private static final int RECORDS = 1_000;
  private static final int MANY = 8_000;

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
      try (DecodeWork work = new DecodeWork(signal, RECORDS)) {
        ratios.add(speed(effort, signal, work));
      }
      ratios.add(heap(signal));
      ratios.add(bytes(signal));
    }
    return ratios;
  }

  private Ratio speed(Effort effort, Signal signal, DecodeWork work) throws Exception {
    Stopwatch ours = new Stopwatch(work::decode);
    Stopwatch reference = new Stopwatch(() -> parse(work));
    ours.perSecond(effort.warmupSeconds());
    reference.perSecond(effort.warmupSeconds());
    Rounds rounds = new Rounds();
    for (int i = 0; i < effort.rounds(); i++) {
      rounds.add(ours.perSecond(effort.seconds()), reference.perSecond(effort.seconds()));
    }
    double megabytes = work.bytes() / 1e6;
    return Ratio.atLeast(
        "decode to Arrow / parseFrom alone, " + signal,
        rounds.ratio(),
        2,
        String.format(
            Locale.ROOT,
            "%.0f / %.0f MB/s of OTLP, %d records of %d bytes",
            rounds.ours() * megabytes,
            rounds.reference() * megabytes,
            RECORDS,
            work.bytes() / RECORDS));
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
