package io.sluice.bench.figures;

import io.sluice.lake.LakeConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How long to measure, and on what.
 *
 * @param rounds how often each side is measured; the median counts
 * @param warmupSeconds of each side before the first round
 * @param seconds of each side in a round
 * @param logBytes of the log that a Writer is started on
 * @param commits to a table
 * @param lake empty tables elsewhere, such as in S3, to compare with files; null = none
 * @param picture where a figure that draws does so; null = nowhere
 * @param endToEndRounds the same for whole services, which take longer to warm up
 */
record Effort(
    int rounds,
    double warmupSeconds,
    double seconds,
    long logBytes,
    int commits,
    @Nullable LakeConfig lake,
    @Nullable Path picture,
    int endToEndRounds,
    double endToEndWarmupSeconds,
    double endToEndSeconds) {

  static final Effort QUICK = new Effort(3, 1, 0.5, 64L << 20, 200, null, null, 1, 5, 5);
  static final Effort FULL = new Effort(9, 5, 2, 512L << 20, 10_000, null, null, 5, 20, 60);

  /** The same with so many seconds of a round of whole services. */
  Effort lasting(double each) {
    return with(logBytes, commits, lake, picture, each);
  }

  /** The same with a Writer's log of so many bytes. */
  Effort ofLog(long bytes) {
    return with(bytes, commits, lake, picture, endToEndSeconds);
  }

  /** The same with so many commits. */
  Effort ofCommits(int number) {
    return with(logBytes, number, lake, picture, endToEndSeconds);
  }

  /** The same with tables elsewhere. */
  Effort on(LakeConfig tables) {
    return with(logBytes, commits, tables, picture, endToEndSeconds);
  }

  /** The same with a picture drawn there. */
  Effort drawing(Path file) {
    return with(logBytes, commits, lake, file, endToEndSeconds);
  }

  private Effort with(
      long log, int number, @Nullable LakeConfig tables, @Nullable Path file, double each) {
    return new Effort(
        rounds,
        warmupSeconds,
        seconds,
        log,
        number,
        tables,
        file,
        endToEndRounds,
        endToEndWarmupSeconds,
        each);
  }
}
