package io.sluice.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;

/**
 * Operations of a table that may be ahead of this machine's clock: ours was put back, or another
 * one that commits to it is ahead. Iceberg stamps snapshots by the system's clock, and refuses to
 * put one before another by more than a minute, so that nothing could be committed until the clock
 * has caught up. Here a commit is prepared as if the table's last one were of now; what is then
 * committed is what was there, untouched, and a snapshot one millisecond behind it. One thread uses
 * it.
 */
final class AheadOperations implements TableOperations {

  /** Half of what Iceberg tolerates. */
  private static final Duration TOLERATED = Duration.ofSeconds(30);

  private static final JsonMapper JSON = new JsonMapper();
  // The Iceberg specification's names of what has a time in table metadata.
  private static final String SNAPSHOTS = "snapshots";
  private static final String SNAPSHOT_LOG = "snapshot-log";
  private static final String METADATA_LOG = "metadata-log";
  private static final String SNAPSHOT = "snapshot-id";
  private static final String STAMP = "timestamp-ms";
  private static final String UPDATED = "last-updated-ms";

  private final TableOperations operations;
  private final Clock clock;
  private @Nullable TableMetadata real;
  private @Nullable TableMetadata shown;

  /**
   * @param clock the system's, by which Iceberg stamps
   */
  AheadOperations(TableOperations operations, Clock clock) {
    this.operations = operations;
    this.clock = clock;
  }

  /**
   * Operations that can commit whatever the clock says, where that is for us to decide: a REST
   * catalog takes only changes, and its server judges their times itself.
   *
   * @throws CommitFailedException the table is ahead, and its catalog is such a server
   */
  static TableOperations of(TableOperations operations, Clock clock) {
    if (operations instanceof BaseMetastoreTableOperations) {
      return new AheadOperations(operations, clock);
    }
    TableMetadata current = operations.current();
    if (current != null && isAhead(current, clock)) {
      throw new CommitFailedException(
          "cannot commit: the table's last commit is of %s, ahead of this machine's clock (set the clock right)",
          Instant.ofEpochMilli(current.lastUpdatedMillis()));
    }
    return operations;
  }

  /** Whether Iceberg itself could not commit to it now, or soon not. */
  static boolean isAhead(TableMetadata metadata, Clock clock) {
    return metadata.lastUpdatedMillis() > clock.millis() + TOLERATED.toMillis();
  }

  @Override
  public @Nullable TableMetadata current() {
    return show(operations.current());
  }

  @Override
  public @Nullable TableMetadata refresh() {
    return show(operations.refresh());
  }

  /** The same object for the same metadata: Iceberg compares identities. */
  private @Nullable TableMetadata show(@Nullable TableMetadata metadata) {
    if (metadata != real) {
      real = metadata;
      shown =
          metadata != null && isAhead(metadata, clock) ? of(metadata, clock.millis()) : metadata;
    }
    return shown;
  }

  @Override
  public void commit(@Nullable TableMetadata base, TableMetadata metadata) {
    if (base == shown && shown != real) {
      operations.commit(real, behind(Objects.requireNonNull(real), metadata));
    } else {
      operations.commit(base, metadata);
    }
  }

  /** The same with all that was there before as it was, and the rest just after that. */
  private static TableMetadata behind(TableMetadata last, TableMetadata metadata) {
    long next = last.lastUpdatedMillis() + 1;
    ObjectNode json = parsed(metadata);
    json.put(UPDATED, next);
    Map<Long, Long> snapshots = new HashMap<>();
    last.snapshots().forEach(known -> snapshots.put(known.snapshotId(), known.timestampMillis()));
    for (JsonNode snapshot : json.path(SNAPSHOTS)) {
      stamp(snapshot, snapshots.getOrDefault(snapshot.path(SNAPSHOT).asLong(), next));
    }
    Iterator<HistoryEntry> known = last.snapshotLog().iterator();
    for (JsonNode entry : json.path(SNAPSHOT_LOG)) {
      stamp(entry, millis(known, entry.path(SNAPSHOT).asLong(), next));
    }
    Map<String, Long> files = new HashMap<>();
    last.previousFiles().forEach(file -> files.put(file.file(), file.timestampMillis()));
    files.put(last.metadataFileLocation(), last.lastUpdatedMillis());
    for (JsonNode file : json.path(METADATA_LOG)) {
      stamp(file, files.getOrDefault(file.path("metadata-file").asText(), next));
    }
    return TableMetadataParser.fromJson(json);
  }

  /** Of the next entry with that snapshot; old ones may have been taken out. */
  private static long millis(Iterator<HistoryEntry> known, long snapshot, long otherwise) {
    while (known.hasNext()) {
      HistoryEntry entry = known.next();
      if (entry.snapshotId() == snapshot) {
        return entry.timestampMillis();
      }
    }
    return otherwise;
  }

  /** As if nothing in it were of a later time. */
  private static TableMetadata of(TableMetadata metadata, long latest) {
    ObjectNode json = parsed(metadata);
    json.put(UPDATED, Math.min(latest, json.path(UPDATED).asLong()));
    for (String list : List.of(SNAPSHOTS, SNAPSHOT_LOG, METADATA_LOG)) {
      for (JsonNode entry : json.path(list)) {
        stamp(entry, Math.min(latest, entry.path(STAMP).asLong()));
      }
    }
    return TableMetadataParser.fromJson(metadata.metadataFileLocation(), json);
  }

  private static void stamp(JsonNode entry, long millis) {
    ((ObjectNode) entry).put(STAMP, millis);
  }

  private static ObjectNode parsed(TableMetadata metadata) {
    try {
      return (ObjectNode) JSON.readTree(TableMetadataParser.toJson(metadata));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot read the metadata that Iceberg wrote", e);
    }
  }

  @Override
  public FileIO io() {
    return operations.io();
  }

  @Override
  public EncryptionManager encryption() {
    return operations.encryption();
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return operations.metadataFileLocation(fileName);
  }

  @Override
  public LocationProvider locationProvider() {
    return operations.locationProvider();
  }

  @Override
  public TableOperations temp(TableMetadata uncommitted) {
    return operations.temp(uncommitted);
  }

  @Override
  public long newSnapshotId() {
    return operations.newSnapshotId();
  }

  @Override
  public boolean requireStrictCleanup() {
    return operations.requireStrictCleanup();
  }
}
