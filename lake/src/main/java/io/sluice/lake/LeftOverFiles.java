package io.sluice.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Data files of one table that were written and never committed, because the process ended between
 * the two. They begin where the mark stood then, which is how they are found: by their names.
 *
 * <p>Deleted only when the mark of their log is past their begin, so that nobody can commit them
 * any more, and if no snapshot refers to them. It need not be we who moves the mark: another Writer
 * may lead the log by now, and its file may be waiting for its commit while we commit another
 * log's. Any thread adds; the table's committing thread sweeps.
 */
final class LeftOverFiles {

  private static final Logger LOG = LoggerFactory.getLogger(LeftOverFiles.class);

  private final LakeCounters counters;
  private final Set<Begin> begins = ConcurrentHashMap.newKeySet();

  private record Begin(UUID logId, long from) {

    String prefix() {
      return TableFileName.prefix(logId, from);
    }

    boolean isPassed(LoadedTable table) {
      return table.mark(logId) > from;
    }
  }

  LeftOverFiles(LakeCounters counters) {
    this.counters = counters;
  }

  /** Files of this log's rows from this position on. */
  void add(UUID logId, long from) {
    begins.add(new Begin(logId, from));
  }

  /** A failure is counted and leaves the files to the next call: the commit it follows is done. */
  void afterCommit(LoadedTable committed) {
    if (begins.isEmpty()
        || !(committed.iceberg().io() instanceof SupportsPrefixOperations storage)) {
      return;
    }
    try {
      committed.iceberg().refresh();
      LoadedTable now = new LoadedTable(committed.iceberg());
      List<Begin> passed = begins.stream().filter(begin -> begin.isPassed(now)).toList();
      if (passed.isEmpty()) {
        return;
      }
      List<String> prefixes = passed.stream().map(Begin::prefix).toList();
      Set<String> orphans = OrphanFiles.among(found(storage, now, prefixes), now);
      for (String orphan : orphans) {
        storage.deleteFile(orphan);
        counters.discardedFiles.increment();
        LOG.info("deleted {}: an earlier process wrote it and did not commit it", orphan);
      }
      passed.forEach(begins::remove);
    } catch (RuntimeException | TableLostException e) {
      counters.sweepFailures.increment();
      LOG.warn("cannot look for left-over files of {}: tried again later", committed.iceberg(), e);
    }
  }

  private static List<String> found(
      SupportsPrefixOperations storage, LoadedTable table, List<String> prefixes) {
    List<String> found = new ArrayList<>();
    String data = table.iceberg().locationProvider().newDataLocation("");
    for (FileInfo file : storage.listPrefix(data)) {
      String name = file.location().substring(file.location().lastIndexOf('/') + 1);
      if (prefixes.stream().anyMatch(name::startsWith)) {
        found.add(file.location());
      }
    }
    return found;
  }
}
