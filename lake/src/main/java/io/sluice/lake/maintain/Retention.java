package io.sluice.lake.maintain;

import io.sluice.lake.MaintainedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.StrictMetricsEvaluator;
import org.apache.iceberg.io.CloseableIterable;

/** Takes whole files out of a table whose rows are all of days that are over their time. */
final class Retention {

  /**
   * What was taken out, or would be.
   *
   * @param firstKept the first UTC day whose rows stay
   * @param mixed files that have younger rows, too, and so stay
   */
  record Result(LocalDate firstKept, FileTally files, long mixed) {}

  /** Rows of days that were over before {@code now - keep} go, but only with their whole file. */
  static Result run(MaintainedTable table, Duration keep, Instant now, boolean apply) {
    LocalDate firstKept = LocalDate.ofInstant(now.minus(keep), ZoneOffset.UTC);
    Expression old =
        Expressions.lessThan(
            "time",
            TimeUnit.SECONDS.toMicros(firstKept.atStartOfDay().toEpochSecond(ZoneOffset.UTC)));
    StrictMetricsEvaluator bounds = new StrictMetricsEvaluator(table.iceberg().schema(), old);
    FileTally tally = FileTally.NONE;
    long mixed = 0;
    List<DataFile> whole = new ArrayList<>();
    TableScan scan = table.scan().filter(old).includeColumnStats(List.of("time"));
    try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
      for (FileScanTask task : tasks) {
        if (isAlways(task.residual()) || bounds.eval(task.file())) {
          tally = tally.plus(task);
          whole.add(task.file().copyWithoutStats());
        } else {
          mixed++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot plan files of table " + table.id(), e);
    }
    if (apply && !whole.isEmpty()) {
      commit(table, old, whole, mixed);
    }
    return new Result(firstKept, tally, mixed);
  }

  private static boolean isAlways(Expression residual) {
    return residual.op() == Expression.Operation.TRUE;
  }

  /** By the filter, if it takes nothing but whole files: delete files of these days go with it. */
  private static void commit(
      MaintainedTable table, Expression old, List<DataFile> whole, long mixed) {
    DeleteFiles delete = table.marked(table.iceberg().newDelete(), "retention");
    if (mixed == 0) {
      delete.deleteFromRowFilter(old);
    } else {
      whole.forEach(delete::deleteFile);
    }
    MaintainedTable.commit(delete);
  }

  private Retention() {}
}
