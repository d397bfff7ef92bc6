package io.sluice.lake;

import io.sluice.schema.table.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Whether a loaded table is still the one the logs were persisted to. Marks are in its properties
 * and again in the summary of every snapshot of ours: a rollback moves only the snapshots back, a
 * stripped property only the properties, so the two disagree.
 */
final class TableCheck {

  static void require(LoadedTable loaded, Table table, @Nullable UUID expected)
      throws TableLostException {
    String format = loaded.metadata().properties().get(TableSettings.FORMAT);
    if (!TableSettings.FORMAT_NOW.equals(format)) {
      throw lost("its property " + TableSettings.FORMAT + " is " + format + ", not 1");
    }
    UUID uuid = UUID.fromString(loaded.metadata().uuid());
    if (expected != null && !expected.equals(uuid)) {
      throw lost("it was dropped and made anew: its uuid is " + uuid + ", it was " + expected);
    }
    requireSameMarks(loaded);
    requireColumns(IcebergSchema.of(table).asStruct(), loaded.iceberg().schema());
    if (loaded.metadata().formatVersion() < 2) {
      throw lost("its format version is " + loaded.metadata().formatVersion() + ", not 2");
    }
  }

  private static void requireSameMarks(LoadedTable loaded) throws TableLostException {
    Optional<String> lost = history(loaded.metadata(), loaded.marks()).lost();
    if (lost.isPresent()) {
      throw lost(lost.get());
    }
  }

  /**
   * @param marks by the metadata's properties
   */
  static MarkHistory history(TableMetadata metadata, Map<UUID, Long> marks)
      throws TableLostException {
    List<Snapshot> ancestors = LoadedTable.ancestors(metadata);
    Optional<String> newest =
        ancestors.stream()
            .map(s -> s.summary().get(SnapshotMarks.POSITIONS))
            .filter(Objects::nonNull)
            .findFirst();
    boolean isWhole =
        ancestors.isEmpty()
            || Objects.requireNonNull(ancestors.get(ancestors.size() - 1)).parentId() == null;
    return newest.isPresent()
        ? new MarkHistory(marks, Marks.parse(newest.get()), isWhole, Map.of())
        : new MarkHistory(marks, null, isWhole, aside(metadata, ancestors));
  }

  /** Those that are older than what is known of the head's ancestors may be ancestors as well. */
  private static Map<Long, Map<UUID, Long>> aside(TableMetadata metadata, List<Snapshot> ancestors)
      throws TableLostException {
    Set<Long> before = ancestors.stream().map(Snapshot::snapshotId).collect(Collectors.toSet());
    long oldest = ancestors.stream().mapToLong(Snapshot::sequenceNumber).min().orElse(0);
    Map<Long, Map<UUID, Long>> aside = new LinkedHashMap<>();
    for (Snapshot snapshot : metadata.snapshots()) {
      String positions = snapshot.summary().get(SnapshotMarks.POSITIONS);
      boolean isAside =
          snapshot.sequenceNumber() > oldest && !before.contains(snapshot.snapshotId());
      if (positions != null && isAside) {
        aside.put(snapshot.snapshotId(), Marks.parse(positions));
      }
    }
    return aside;
  }

  private static void requireColumns(Types.StructType ours, Schema table)
      throws TableLostException {
    requireFields("", ours, table.asStruct());
  }

  private static void requireFields(String path, Types.StructType ours, Types.StructType table)
      throws TableLostException {
    for (Types.NestedField field : ours.fields()) {
      String name = path + field.name();
      Types.NestedField found = table.field(field.name());
      if (found == null) {
        throw lost("column " + name + " was dropped or renamed");
      }
      requireType(name, field.type(), found.type());
    }
  }

  private static void requireType(String name, Type ours, Type table) throws TableLostException {
    if (ours.isPrimitiveType() ? !ours.equals(table) : ours.typeId() != table.typeId()) {
      throw lost("column " + name + " is " + table + ", not " + ours);
    }
    if (ours.isStructType()) {
      requireFields(name + ".", ours.asStructType(), table.asStructType());
    } else if (ours.isListType()) {
      requireType(name, ours.asListType().elementType(), table.asListType().elementType());
    }
  }

  private static TableLostException lost(String reason) {
    return new TableLostException(reason);
  }

  private TableCheck() {}
}
