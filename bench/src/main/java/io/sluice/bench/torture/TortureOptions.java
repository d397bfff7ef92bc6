package io.sluice.bench.torture;

import io.sluice.lake.LakeConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to run.
 *
 * @param length of the faults
 * @param seed the plan of faults and the records' content follow from it
 * @param rate records a second, over all connections and both protocols
 * @param directory of data, logs and notes; null = a temporary one, removed if all is well
 * @param writers how many; several have as many logs
 * @param factor on how many of them each log is
 * @param lake where the tables are, empty: JDBC, and S3 without TLS; null = in the directory
 */
public record TortureOptions(
    Duration length,
    long seed,
    double rate,
    int writers,
    int factor,
    @Nullable Path directory,
    @Nullable LakeConfig lake) {

  private static final int MOST_WRITERS = 9;

  /** On a Writer and an Acceptor. */
  public TortureOptions(
      Duration length,
      long seed,
      double rate,
      @Nullable Path directory,
      @Nullable LakeConfig lake) {
    this(length, seed, rate, 1, 1, directory, lake);
  }

  public TortureOptions {
    if (length.isNegative() || length.isZero()) {
      throw new IllegalArgumentException("cannot torture for " + length + " (more than nothing)");
    }
    if (rate < 100) {
      throw new IllegalArgumentException("cannot torture at " + rate + " records/s (at least 100)");
    }
    if (writers < 1 || writers > MOST_WRITERS || (factor != 1 && factor != 3) || factor > writers) {
      throw new IllegalArgumentException(
          "cannot torture %d Writers with %d copies (1 to %d Writers, 1 copy or 3, not more than Writers)"
              .formatted(writers, factor, MOST_WRITERS));
    }
    if (lake != null && !isReached(lake)) {
      throw new IllegalArgumentException(
          "cannot torture tables in " + lake.warehouse() + " (S3 at http://..., catalog by JDBC)");
    }
  }

  Repertoire repertoire() {
    return writers == 1 ? Repertoire.ONE_BOX : Repertoire.ofCluster(factor > 1);
  }

  /** Through a proxy that does not know TLS, and a driver that can be switched. */
  private static boolean isReached(LakeConfig lake) {
    URI endpoint = lake.s3().endpoint();
    return lake.isInS3()
        && lake.catalogUri().startsWith("jdbc:")
        && endpoint != null
        && "http".equals(endpoint.getScheme());
  }
}
