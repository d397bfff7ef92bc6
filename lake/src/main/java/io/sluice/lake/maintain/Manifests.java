package io.sluice.lake.maintain;

import io.sluice.lake.MaintainedTable;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;

/**
 * Merges small manifests, of which each plan of a read opens many. Our own commits merge them by
 * themselves; not so fast appends of others.
 */
final class Manifests {

  private static final int MANY = 100;
  private static final long SMALL_BYTES = 1L << 20;

  /** Their files' days are near each other, so that a read of some days opens few. */
  private static final int DAYS = 64;

  /** Returns how many small ones were merged, or would be. */
  static int merge(MaintainedTable table, boolean apply) {
    Snapshot head = table.metadata().currentSnapshot();
    if (head == null) {
      return 0;
    }
    List<ManifestFile> small =
        head.dataManifests(table.iceberg().io()).stream().filter(Manifests::isSmall).toList();
    if (small.size() < MANY) {
      return 0;
    }
    if (apply) {
      MaintainedTable.commit(
          table
              .marked(table.iceberg().rewriteManifests(), "manifests")
              .rewriteIf(Manifests::isSmall)
              .clusterBy(Manifests::group));
    }
    return small.size();
  }

  private static boolean isSmall(ManifestFile manifest) {
    return manifest.length() < SMALL_BYTES;
  }

  private static Object group(DataFile file) {
    boolean isDaily = file.partition().size() == 1;
    Object value = isDaily ? file.partition().get(0, Object.class) : null;
    return value instanceof Integer day ? day / DAYS : -1;
  }

  private Manifests() {}
}
