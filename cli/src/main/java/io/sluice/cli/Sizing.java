package io.sluice.cli;

import java.time.Duration;

/**
 * What a load needs, from figures of docs/benchmarks.md. Costs are taken to grow with the bytes of
 * a span, as they nearly do.
 *
 * @param spansPerSecond at the peak
 * @param bytesPerSpan of OTLP, not compressed
 * @param retention how long files are kept
 * @param copies of each log, 1 or 3
 */
record Sizing(long spansPerSecond, int bytesPerSpan, Duration retention, int copies) {

  /** The load of the figures: bytes of OTLP a span. */
  static final int MEASURED_BYTES = 500;

  /**
   * Spans a second of one core of which nothing is left, in ten minutes of full load;
   * benchmarks.md.
   */
  static final double ACCEPTOR_SPANS = 599_947;

  static final double WRITER_SPANS = 275_123;

  /** What the Writers take of three copies against one, in benchmarks.md: Three copies. */
  static final double THREE_COPIES_CPU = 2.5;

  /** Bytes of a span in a Writer's memory; benchmarks.md: Tables in a store. */
  static final double MEMORY_BYTES = 430;

  /** Bytes of a span in a file; the same. */
  static final double FILE_BYTES = 50;

  /** Bytes of the log for one of OTLP; benchmarks.md: Figures. */
  static final double LOG_FACTOR = 1.15;

  /** What is left for peaks within a second, merges of the heap, and readers. */
  static final double USED = 0.70;

  /** Rows stay in memory until they are persisted, and a minute more. */
  static final int MEMORY_SECONDS = 120;

  /** The log is of so many times the memory: what an outage of the store may take. */
  static final int LOG_TIMES_MEMORY = 4;

  private static final long MIB = 1 << 20;
  private static final int SECONDS_PER_DAY = 86_400;

  Sizing {
    require(spansPerSecond > 0, "cannot size: %d spans a second (at least 1)", spansPerSecond);
    require(bytesPerSpan > 0, "cannot size: %d bytes a span (at least 1)", bytesPerSpan);
    require(copies == 1 || copies == 3, "cannot size: %d copies (1 or 3)", copies);
  }

  private static void require(boolean holds, String problem, long value) {
    if (!holds) {
      throw new IllegalArgumentException(problem.formatted(value));
    }
  }

  private double weight() {
    return (double) bytesPerSpan / MEASURED_BYTES;
  }

  /** Millions of bytes of OTLP a second. */
  double megabytesPerSecond() {
    return spansPerSecond * (double) bytesPerSpan / 1e6;
  }

  /** Of all Acceptors together, with what is to be left free. */
  double acceptorCores() {
    return spansPerSecond * weight() / ACCEPTOR_SPANS / USED;
  }

  /** Of all Writers together, with what is to be left free. */
  double writerCores() {
    double once = spansPerSecond * weight() / WRITER_SPANS / USED;
    return copies == 1 ? once : once * THREE_COPIES_CPU;
  }

  /** memory.max-bytes, MiB, of all Writers together: each copy is in a Writer's memory. */
  long memoryMib() {
    return mib(spansPerSecond * MEMORY_SECONDS * MEMORY_BYTES * weight()) * copies;
  }

  /** wal.max-bytes of all logs, MiB, on all disks together. */
  long logMib() {
    return memoryMib() * LOG_TIMES_MEMORY;
  }

  /** For how long the store may be away at the peak before puts are refused. */
  Duration outage() {
    double bytes = logMib() / (double) copies * MIB;
    return Duration.ofSeconds((long) (bytes / (spansPerSecond * bytesPerSpan * LOG_FACTOR)));
  }

  /** Bytes a second that are written to all logs together, MB. */
  double logMegabytesPerSecond() {
    return megabytesPerSecond() * LOG_FACTOR * copies;
  }

  /** GiB of files, if the peak lasts. */
  double fileGib() {
    double seconds = retention.toDays() * (double) SECONDS_PER_DAY;
    return spansPerSecond * seconds * FILE_BYTES * weight() / (1L << 30);
  }

  private static long mib(double bytes) {
    return (long) Math.ceil(bytes / MIB);
  }
}
