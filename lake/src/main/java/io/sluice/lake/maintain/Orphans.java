package io.sluice.lake.maintain;

import io.sluice.lake.LakeTable;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.MaintainedTable;
import io.sluice.lake.TableLostException;
import io.sluice.lake.s3.S3Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.util.PropertyUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is at a table's place and is no file of it: of commits that never came to their end,
 * and of deletes that did not.
 *
 * <p>First the files are listed, then the table is loaded: what was committed between is its own by
 * then. What is not committed yet is left alone by its age, and a Writer's data file, however old,
 * as long as its log may still commit it. Files are told by their names alone, which are random:
 * nobody's other way to write the path of a file makes it one that is not known.
 */
final class Orphans {

  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

  /**
   * What was deleted, or would be.
   *
   * @param owed data files that a log may still commit: none is an orphan
   * @param uploads to S3 that were not ended, and were aborted
   */
  record Result(FileTally files, long owed, long uploads) {

    static final Result NONE = new Result(FileTally.NONE, 0, 0);
  }

  private final FileIO store;
  private final TablePlaces places;

  /**
   * @param store the lake's, to look for uploads
   */
  Orphans(FileIO store, TablePlaces places) {
    this.store = store;
    this.places = places;
  }

  /**
   * @param before what was changed since is left alone
   * @throws RefusedException it cannot be told what is an orphan
   */
  Result run(LakeTable table, Instant before, boolean apply)
      throws LakeUnavailableException, TableLostException, RefusedException {
    MaintainedTable first = table.maintained();
    String location = first.metadata().location();
    if (!(first.iceberg().io() instanceof SupportsPrefixOperations storage)) {
      throw new RefusedException("files of its store cannot be listed");
    }
    if (!PropertyUtil.propertyAsBoolean(
        first.iceberg().properties(),
        TableProperties.GC_ENABLED,
        TableProperties.GC_ENABLED_DEFAULT)) {
      throw new RefusedException(
          "its property gc.enabled says that its files may be another table's, too");
    }
    Optional<String> doubt = places.doubt(table.id(), location);
    if (doubt.isPresent()) {
      throw new RefusedException(doubt.get());
    }
    String prefix = location.endsWith("/") ? location : location + "/";
    Map<String, List<FileInfo>> old = listed(storage, prefix, before);
    MaintainedTable now = table.maintained();
    if (now.metadata().metadataFileLocation() == null) {
      throw new RefusedException("its catalog does not say where its metadata is");
    }
    if (!now.metadata().location().equals(location)) {
      throw new RefusedException("it was moved meanwhile");
    }
    ReferencedFiles.each(now, file -> old.remove(name(file)));
    FileTally tally = FileTally.NONE;
    long owed = 0;
    for (Map.Entry<String, List<FileInfo>> each : old.entrySet()) {
      if (now.mayBeCommitted(each.getKey())) {
        owed += each.getValue().size();
        continue;
      }
      for (FileInfo orphan : each.getValue()) {
        if (apply) {
          storage.deleteFile(orphan.location());
          LOG.info("deleted {}: table {} does not refer to it", orphan.location(), table.id());
        }
        tally = tally.plus(orphan.size());
      }
    }
    return new Result(tally, owed, uploads(prefix, before, apply));
  }

  private static Map<String, List<FileInfo>> listed(
      SupportsPrefixOperations storage, String prefix, Instant before) {
    Map<String, List<FileInfo>> old = new HashMap<>();
    for (FileInfo file : storage.listPrefix(prefix)) {
      if (file.createdAtMillis() < before.toEpochMilli()) {
        old.computeIfAbsent(name(file.location()), n -> new ArrayList<>(1)).add(file);
      }
    }
    return old;
  }

  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private long uploads(String prefix, Instant before, boolean apply) {
    if (!(store instanceof S3Files s3) || !prefix.startsWith("s3")) {
      return 0;
    }
    List<S3Files.Upload> left =
        s3.uploads(prefix).stream().filter(upload -> upload.begun().isBefore(before)).toList();
    if (apply) {
      left.forEach(s3::abort);
    }
    return left.size();
  }
}
