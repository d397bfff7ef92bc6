package io.sluice.lake;

import io.sluice.schema.table.Table;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
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
    Optional<String> newest =
        loaded.ancestors().stream()
            .map(s -> s.summary().get(SnapshotMarks.POSITIONS))
            .filter(Objects::nonNull)
            .findFirst();
    if (newest.isEmpty()) {
      if (!loaded.marks().isEmpty() && loaded.historyIsWhole()) {
        throw lost("no snapshot has the rows of its marks " + Marks.text(loaded.marks()));
      }
      requireNotLeft(loaded);
      return;
    }
    Map<UUID, Long> committed = Marks.parse(newest.get());
    if (!committed.equals(loaded.marks())) {
      throw lost(
          "its marks are "
              + Marks.text(loaded.marks())
              + " but those of its newest snapshot are "
              + Marks.text(committed)
              + " (rolled back, or stripped of its properties)");
    }
  }

  /**
   * What it was rolled back to may be of others, and ours before that may have expired; but the one
   * that has the rows of its marks is there, and later than the head.
   */
  private static void requireNotLeft(LoadedTable loaded) throws TableLostException {
    Snapshot head = loaded.metadata().currentSnapshot();
    for (Snapshot snapshot : loaded.metadata().snapshots()) {
      String positions = snapshot.summary().get(SnapshotMarks.POSITIONS);
      if (positions != null
          && head != null
          && snapshot.sequenceNumber() > head.sequenceNumber()
          && Marks.parse(positions).equals(loaded.marks())) {
        throw lost(
            "its marks are those of snapshot %d, which is not before its head (rolled back)"
                .formatted(snapshot.snapshotId()));
      }
    }
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
