package io.sluice.lake;

import java.time.Duration;
import java.util.Map;

/**
 * Where the tables are.
 *
 * @param catalogUri {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://...}
 * @param warehouse {@code file:///absolute/path}; recorded so in every table, never percent-encoded
 * @param catalogProperties more properties for the Iceberg catalog, such as {@code jdbc.user}
 * @param snapshotsKept snapshots of ours that stay when older ones expire
 * @param snapshotMinAge no snapshot younger than this expires, however many there are
 */
public record LakeConfig(
    String catalogUri,
    String warehouse,
    Map<String, String> catalogProperties,
    int snapshotsKept,
    Duration snapshotMinAge) {

  public LakeConfig {
    if (!catalogUri.startsWith("jdbc:sqlite:") && !catalogUri.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "cannot use catalog: " + catalogUri + " (jdbc:sqlite:FILE or jdbc:postgresql://...)");
    }
    if (!warehouse.startsWith("file:///")) {
      throw new IllegalArgumentException(
          "cannot use warehouse: " + warehouse + " (file:///absolute/path)");
    }
    if (snapshotsKept < 1) {
      throw new IllegalArgumentException("cannot keep fewer than 1 snapshot: " + snapshotsKept);
    }
    catalogProperties = Map.copyOf(catalogProperties);
  }

  public static LakeConfig of(String catalogUri, String warehouse) {
    return new LakeConfig(catalogUri, warehouse, Map.of(), 20, Duration.ofMinutes(2));
  }

  /** SQLite's defaults neither force each commit nor wait for a writer of another process. */
  String connectUri() {
    return catalogUri.startsWith("jdbc:sqlite:") && !catalogUri.contains("?")
        ? catalogUri + "?journal_mode=WAL&synchronous=FULL&busy_timeout=10000"
        : catalogUri;
  }
}
