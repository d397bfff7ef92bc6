package io.sluice.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.io.FileIO;

/** Finds out which data files no snapshot of a table refers to. Reads every manifest. */
final class OrphanFiles {

  static Set<String> among(Collection<String> locations, LoadedTable loaded) {
    Set<String> orphans = new HashSet<>(locations);
    FileIO io = loaded.iceberg().io();
    Map<Integer, PartitionSpec> specs = loaded.metadata().specsById();
    Set<String> read = new HashSet<>();
    for (Snapshot snapshot : loaded.metadata().snapshots()) {
      for (ManifestFile manifest : snapshot.dataManifests(io)) {
        if (read.add(manifest.path())) {
          removeReferenced(orphans, manifest, io, specs);
        }
      }
    }
    return orphans;
  }

  private static void removeReferenced(
      Set<String> orphans, ManifestFile manifest, FileIO io, Map<Integer, PartitionSpec> specs) {
    try (ManifestReader<DataFile> entries = ManifestFiles.read(manifest, io, specs)) {
      for (DataFile entry : entries) {
        orphans.remove(entry.location());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read manifest: " + manifest.path(), e);
    }
  }

  private OrphanFiles() {}
}
