package io.sluice.bench.figures;

import io.sluice.writer.buffer.SealPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Files that a table gets in a day, by the policy that seals, second by second: no bytes are
 * written. Memory as it is shipped, and sealed early as the Writer does when it runs short.
 */
final class FilesFigure implements Figure {

  /** As measured with the load generator's spans: in memory, and in a file. */
  private static final long ROW_BYTES = 430;

  private static final long FILE_ROW_BYTES = 50;
  private static final long MEMORY = 1L << 30;
  private static final long SECONDS = Duration.ofDays(1).toSeconds();

  @Override
  public String name() {
    return "files";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) {
    List<Ratio> ratios = new ArrayList<>();
    for (int tenants : List.of(1, 100)) {
      for (long rate : List.of(1_000L, 20_000L)) {
        ratios.add(day(tenants, rate));
      }
    }
    return ratios;
  }

  private static Ratio day(int tenants, long rate) {
    long[] open = new long[tenants];
    long[] age = new long[tenants];
    long files = 0;
    for (long second = 0; second < SECONDS; second++) {
      for (int i = 0; i < tenants; i++) {
        open[i] += rate * ROW_BYTES / tenants;
        age[i]++;
        if (SealPolicy.DEFAULT.complete(open[i], Duration.ofSeconds(age[i]).toNanos())) {
          files += seal(open, age, i);
        }
      }
      while (LongStream.of(open).sum() > MEMORY / 2) {
        files += seal(open, age, largest(open));
      }
    }
    double bytes = (double) SECONDS * rate * FILE_ROW_BYTES / files;
    return Ratio.plain(
        String.format(
            Locale.ROOT,
            "files of the traces tables a day, %d tenant%s, %,d spans/s in all",
            tenants,
            tenants == 1 ? "" : "s",
            rate),
        (double) files,
        String.format(
            Locale.ROOT,
            "%,d a table, %.1f MB each on average; maintenance makes them files of 128 MiB at most"
                + " when the day is over",
            files / tenants,
            bytes / 1e6));
  }

  private static int seal(long[] open, long[] age, int table) {
    open[table] = 0;
    age[table] = 0;
    return 1;
  }

  private static int largest(long[] open) {
    int largest = 0;
    for (int i = 1; i < open.length; i++) {
      largest = open[i] > open[largest] ? i : largest;
    }
    return largest;
  }
}
