package io.sluice.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.io.FileIO;

/**
 * Finds out which data files no snapshot of a table refers to. Reads every manifest. Files are told
 * by their names alone, which are random: a listing may write the path of a file in another way
 * than the table does.
 */
final class OrphanFiles {

  static Set<String> among(Collection<String> locations, LoadedTable loaded) {
    Map<String, Set<String>> orphans = new HashMap<>();
    locations.forEach(l -> orphans.computeIfAbsent(name(l), n -> new HashSet<>()).add(l));
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
    return orphans.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
  }

  private static void removeReferenced(
      Map<String, Set<String>> orphans,
      ManifestFile manifest,
      FileIO io,
      Map<Integer, PartitionSpec> specs) {
    try (ManifestReader<DataFile> entries = ManifestFiles.read(manifest, io, specs)) {
      for (DataFile entry : entries) {
        orphans.remove(name(entry.location()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read manifest: " + manifest.path(), e);
    }
  }

  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private OrphanFiles() {}
}
