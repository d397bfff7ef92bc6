package io.sluice.lake.maintain;

import io.sluice.lake.FileTarget;
import io.sluice.lake.LakeTable;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.MaintainedTable;
import io.sluice.lake.TableLostException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces small files of a day that is over by a larger one with the same rows in the table's
 * order; one commit for each. What others commit meanwhile stays: their files are not touched, and
 * if they deleted rows of files that are being replaced, the commit is refused.
 */
final class Compaction {

  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

  /** More that cannot be read are not damaged files but a store that is away. */
  private static final int MOST_UNREADABLE = 3;

  private static final int ROW_GROUPS_IN_MEMORY = 16;

  /** What was merged, or would be; then nothing is known of what would be written. */
  static final class Result {
    FileTally read = FileTally.NONE;
    FileTally written = FileTally.NONE;
    final List<String> unreadable = new ArrayList<>();
    final List<String> conflicts = new ArrayList<>();
  }

  private final LakeTable table;
  private final MaintenanceSettings settings;
  private final SmallFiles small;
  private final Clock clock;
  private final Supplier<UUID> ids;
  private final Pace pace;
  private final Set<String> leftAlone = new HashSet<>();
  private final Result result = new Result();

  Compaction(
      LakeTable table, MaintenanceSettings settings, Clock clock, Supplier<UUID> ids, Pace pace) {
    this.table = table;
    this.settings = settings;
    this.small = new SmallFiles(settings);
    this.clock = clock;
    this.ids = ids;
    this.pace = pace;
  }

  Result run(boolean apply) throws LakeUnavailableException, TableLostException {
    for (Map.Entry<LocalDate, FileTally> day : days().entrySet()) {
      if (day.getValue().files() < SmallFiles.SEVERAL) {
        continue;
      }
      if (!apply) {
        result.read = result.read.plus(day.getValue());
        continue;
      }
      while (pace.goesOn() && mergeSome(day.getKey())) {
        LOG.debug("went on with {} of {}", day.getKey(), table.id());
      }
    }
    return result;
  }

  /** The small files of each day that is over. */
  private Map<LocalDate, FileTally> days() throws LakeUnavailableException, TableLostException {
    Instant over = clock.instant().minus(settings.compactAfter());
    MaintainedTable loaded = table.maintained();
    Map<LocalDate, FileTally> days = new TreeMap<>();
    each(
        loaded,
        before(LocalDate.ofInstant(over, ZoneOffset.UTC)),
        (day, task) -> days.merge(day, FileTally.NONE.plus(task), FileTally::plus));
    return days;
  }

  @FunctionalInterface
  private interface Visitor {
    void visit(LocalDate day, FileScanTask task);
  }

  /** Files of other partitionings are others' work: they are left alone. */
  private void each(MaintainedTable loaded, Expression filter, Visitor visitor)
      throws TableLostException {
    FileTarget target = loaded.target();
    try (CloseableIterable<FileScanTask> tasks =
        loaded.scan().filter(filter).ignoreResiduals().planFiles()) {
      for (FileScanTask task : tasks) {
        Integer day =
            task.file().specId() == target.spec().specId()
                ? task.file().partition().get(0, Integer.class)
                : null;
        if (day != null && small.isSmall(task) && !leftAlone.contains(task.file().location())) {
          visitor.visit(LocalDate.ofEpochDay(day), task);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot plan files of table " + table.id(), e);
    }
  }

  private static Expression before(LocalDate day) {
    return Expressions.lessThan("time", micros(day));
  }

  private static long micros(LocalDate day) {
    return TimeUnit.SECONDS.toMicros(day.atStartOfDay().toEpochSecond(ZoneOffset.UTC));
  }

  /** Whether there was more than could be merged at once: then all of it comes to one file. */
  private boolean mergeSome(LocalDate day) throws LakeUnavailableException, TableLostException {
    MaintainedTable loaded = table.maintained();
    List<FileScanTask> found = new ArrayList<>();
    each(
        loaded,
        Expressions.and(
            Expressions.greaterThanOrEqual("time", micros(day)), before(day.plusDays(1))),
        (of, task) -> {
          if (of.equals(day)) { // the filter lets more pass where a file has no bounds
            found.add(task);
          }
        });
    List<FileScanTask> tasks = small.merge(found);
    Snapshot head = loaded.metadata().currentSnapshot();
    if (tasks.isEmpty() || head == null) {
      return false;
    }
    Instant begin = clock.instant();
    boolean readable = merge(loaded, head, day, tasks);
    pace.rest(Duration.between(begin, clock.instant()));
    return !readable || tasks.size() < found.size();
  }

  /** False: one of them cannot be read, and is left alone from now on. */
  private boolean merge(
      MaintainedTable loaded, Snapshot head, LocalDate day, List<FileScanTask> tasks)
      throws TableLostException {
    CompactedFile file = new CompactedFile(loaded, loaded.target(), day, tasks, ids.get());
    Optional<DataFile> written;
    try {
      written = file.write(settings.memoryBytes() / ROW_GROUPS_IN_MEMORY, pace);
    } catch (UnreadableFileException e) {
      unreadable(e);
      return false;
    } catch (StoppedException e) {
      LOG.info("the compaction of table {} is given up, as it is to stop", table.id());
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot compact table " + table.id(), e);
    }
    try {
      commit(loaded, head, tasks, written.orElse(null));
    } catch (RuntimeException e) {
      if (!(e instanceof CleanableFailure)) {
        throw e; // it may be in the table: then the file is needed, else it is an orphan
      }
      file.discard();
      tasks.forEach(task -> leftAlone.add(task.file().location()));
      result.conflicts.add(String.valueOf(e.getMessage()));
      return true;
    }
    tasks.forEach(task -> result.read = result.read.plus(task));
    written.ifPresent(w -> result.written = result.written.plus(w.fileSizeInBytes()));
    LOG.info("compacted {} files of {} of table {} into one", tasks.size(), day, table.id());
    return true;
  }

  /**
   * The rows keep the age of the snapshot that they were read from, so that what others delete by
   * value meanwhile is still deleted; what they delete by position is a conflict.
   */
  private static void commit(
      MaintainedTable loaded, Snapshot head, List<FileScanTask> tasks, @Nullable DataFile written) {
    RewriteFiles rewrite =
        loaded
            .marked(loaded.iceberg().newRewrite(), "compaction")
            .validateFromSnapshot(head.snapshotId())
            .dataSequenceNumber(head.sequenceNumber());
    tasks.forEach(task -> rewrite.deleteFile(task.file()));
    if (written != null) {
      rewrite.addFile(written);
    }
    MaintainedTable.commit(rewrite);
  }

  private void unreadable(UnreadableFileException e) {
    LOG.warn("a file is not compacted, as it cannot be read", e);
    leftAlone.add(e.location());
    result.unreadable.add(String.valueOf(e.getMessage()));
    if (result.unreadable.size() > MOST_UNREADABLE) {
      throw new UncheckedIOException(
          "files of it cannot be read", new IOException(e.getMessage(), e));
    }
  }
}
