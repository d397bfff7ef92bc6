package io.sluice.lake;

import io.sluice.lake.s3.S3Config;
import java.time.Duration;
import java.util.Map;

/**
 * Where the tables are.
 *
 * @param catalogUri {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://...}
 * @param warehouse {@code file:///absolute/path} or {@code s3://bucket/prefix}; recorded so in
 *     every table, never percent-encoded
 * @param catalogProperties more properties for the Iceberg catalog, such as {@code jdbc.user}
 * @param snapshotsKept snapshots of ours that stay when older ones expire
 * @param snapshotMinAge no snapshot younger than this expires, however many there are
 * @param s3 how a warehouse there is reached
 */
public record LakeConfig(
    String catalogUri,
    String warehouse,
    Map<String, String> catalogProperties,
    int snapshotsKept,
    Duration snapshotMinAge,
    S3Config s3) {

  private static final int SNAPSHOTS_KEPT = 20;
  private static final Duration SNAPSHOT_MIN_AGE = Duration.ofMinutes(2);

  public LakeConfig {
    if (!catalogUri.startsWith("jdbc:sqlite:") && !catalogUri.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "cannot use catalog: " + catalogUri + " (jdbc:sqlite:FILE or jdbc:postgresql://...)");
    }
    if (!warehouse.startsWith("file:///") && !warehouse.matches("s3://[^/]+/.*[^/]")) {
      throw new IllegalArgumentException(
          "cannot use warehouse: " + warehouse + " (file:///absolute/path or s3://bucket/prefix)");
    }
    if (snapshotsKept < 1) {
      throw new IllegalArgumentException("cannot keep fewer than 1 snapshot: " + snapshotsKept);
    }
    catalogProperties = Map.copyOf(catalogProperties);
  }

  public static LakeConfig of(String catalogUri, String warehouse) {
    return of(catalogUri, warehouse, S3Config.AWS);
  }

  public static LakeConfig of(String catalogUri, String warehouse, S3Config s3) {
    return new LakeConfig(catalogUri, warehouse, Map.of(), SNAPSHOTS_KEPT, SNAPSHOT_MIN_AGE, s3);
  }

  /** Whether the files are in an object store. */
  public boolean isInS3() {
    return warehouse.startsWith("s3:");
  }

  /** SQLite's defaults neither force each commit nor wait for a writer of another process. */
  String connectUri() {
    return catalogUri.startsWith("jdbc:sqlite:") && !catalogUri.contains("?")
        ? catalogUri + "?journal_mode=WAL&synchronous=FULL&busy_timeout=10000"
        : catalogUri;
  }
}
