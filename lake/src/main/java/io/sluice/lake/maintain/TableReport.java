package io.sluice.lake.maintain;

import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * What was done to one table, or would be.
 *
 * @param before its data files at the begin
 * @param after its data files at the end; the same if nothing was to be changed
 * @param expired data files of days that are over their time
 * @param snapshots that were replaced long ago
 * @param compacted data files that were replaced by larger ones
 * @param written the larger ones
 * @param orphans files that nothing refers to
 * @param uploads to S3 that were never ended
 * @param remarks what is to be known beside that, a sentence each
 * @param failures what could not be done, a sentence each
 */
public record TableReport(
    TableIdentifier table,
    FileTally before,
    FileTally after,
    FileTally expired,
    long snapshots,
    FileTally compacted,
    FileTally written,
    FileTally orphans,
    long uploads,
    List<String> remarks,
    List<String> failures) {

  public TableReport {
    remarks = List.copyOf(remarks);
    failures = List.copyOf(failures);
  }

  /** Whether there was anything to do. */
  public boolean changed() {
    return expired.files() + compacted.files() + orphans.files() + snapshots + uploads > 0;
  }
}
