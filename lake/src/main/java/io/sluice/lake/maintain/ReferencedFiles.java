package io.sluice.lake.maintain;

import io.sluice.lake.MaintainedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.io.FileIO;

/** Every file that a table needs: of all its snapshots, branches and logged metadata. */
final class ReferencedFiles {

  /** One location after the other, some of them more than once. Reads every manifest. */
  static void each(MaintainedTable table, Consumer<String> location) {
    FileIO io = table.iceberg().io();
    location.accept(ReachableFileUtil.versionHintLocation(table.iceberg()));
    location.accept(table.metadata().metadataFileLocation());
    table.metadata().previousFiles().forEach(logged -> location.accept(logged.file()));
    table.metadata().statisticsFiles().forEach(file -> location.accept(file.path()));
    table.metadata().partitionStatisticsFiles().forEach(file -> location.accept(file.path()));
    Set<String> read = new HashSet<>();
    for (Snapshot snapshot : table.metadata().snapshots()) {
      if (snapshot.manifestListLocation() != null) {
        location.accept(snapshot.manifestListLocation());
      }
      for (ManifestFile manifest : snapshot.allManifests(io)) {
        if (read.add(manifest.path())) {
          location.accept(manifest.path());
          entries(manifest, io, table.metadata().specsById(), location);
        }
      }
    }
  }

  private static void entries(
      ManifestFile manifest,
      FileIO io,
      Map<Integer, PartitionSpec> specs,
      Consumer<String> location) {
    try (ManifestReader<? extends ContentFile<?>> files =
        manifest.content() == ManifestContent.DATA
            ? ManifestFiles.read(manifest, io, specs)
            : ManifestFiles.readDeleteManifest(manifest, io, specs)) {
      for (ContentFile<?> file : files) {
        location.accept(file.location());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read manifest: " + manifest.path(), e);
    }
  }

  private ReferencedFiles() {}
}
