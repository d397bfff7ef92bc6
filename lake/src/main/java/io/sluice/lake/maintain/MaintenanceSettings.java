package io.sluice.lake.maintain;

import io.sluice.schema.service.ByteSize;
import io.sluice.schema.service.Durations;
import io.sluice.schema.service.Settings;
import java.time.Duration;
import java.util.function.Function;

/**
 * What maintenance may do.
 *
 * @param orphansOlderThan nothing younger is taken for an orphan
 * @param snapshotsOlderThan a snapshot that was replaced so long ago expires
 * @param compactAfter a day is compacted when it is over for so long
 * @param targetBytes files are compacted up to that size
 * @param memoryBytes what a compaction may take of the heap
 */
public record MaintenanceSettings(
    RetentionTimes retention,
    Duration orphansOlderThan,
    Duration snapshotsOlderThan,
    Duration compactAfter,
    long targetBytes,
    long memoryBytes) {

  private static final long LEAST_MEMORY = 32L << 20;
  private static final long LEAST_TARGET = 1L << 20;

  /** Reads them; problems stay in the settings. */
  public static MaintenanceSettings from(Settings settings) {
    return new MaintenanceSettings(
        settings.get(
            "retention",
            "",
            RetentionTimes::parse,
            "how long rows are kept: traces=30d, logs=90d, TENANT.logs=7d, default=0, ...; 0 = for ever; whole UTC days go, by maintenance"),
        settings.get(
            "maintain.orphans-older-than",
            "3d",
            Durations::parse,
            "files that no table refers to are deleted from this age on; 0s only if nobody writes"),
        settings.get(
            "maintain.snapshots-older-than",
            "1h",
            Durations::parse,
            "snapshots of ours expire when they were replaced so long ago"),
        settings.get(
            "maintain.compact-after",
            "6h",
            Durations::parse,
            "small files of a UTC day are compacted when it is over for so long"),
        settings
            .get(
                "maintain.target-bytes",
                "128MiB",
                atLeast(LEAST_TARGET),
                "size up to which files are compacted")
            .bytes(),
        settings
            .get(
                "maintain.memory-bytes",
                "128MiB",
                atLeast(LEAST_MEMORY),
                "heap that a compaction may take, about")
            .bytes());
  }

  private static Function<String, ByteSize> atLeast(long least) {
    return text -> {
      ByteSize size = ByteSize.parse(text);
      if (size.bytes() < least) {
        throw new IllegalArgumentException(
            "cannot use byte size: '%s' (at least %d)".formatted(text, least));
      }
      return size;
    };
  }
}
