package io.sluice.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The writing thread: turns many appends into few forces. No timer: while one force runs the next
 * group gathers. Never interrupt it: that closes the file under it.
 */
final class GroupCommitter implements Runnable {
  private final AppendQueue queue;
  private final SegmentWriter writer;
  private final DiskBudget budget;
  private final ForcedRecords forced;
  private final Consumer<Throwable> failed;
  private List<LogRecord> taken = new ArrayList<>();
  private int done;

  /**
   * @param failed told of the first failure, once nothing more can be appended
   */
  GroupCommitter(
      AppendQueue queue,
      SegmentWriter writer,
      DiskBudget budget,
      ForcedRecords forced,
      Consumer<Throwable> failed) {
    this.queue = queue;
    this.writer = writer;
    this.budget = budget;
    this.forced = forced;
    this.failed = failed;
  }

  @Override
  public void run() {
    try {
      List<LogRecord> next = queue.take(taken);
      while (next != null) {
        taken = next;
        done = 0;
        while (done < taken.size()) {
          commitGroup();
        }
        if (queue.isEmpty()) {
          writer.mark();
        }
        next = queue.take(taken);
      }
      if (!forced.isBroken()) {
        writer.finish();
      }
    } catch (IOException | RuntimeException | Error e) {
      List<LogRecord> lost = taken.subList(Math.min(done, taken.size()), taken.size());
      failed.accept(e);
      Attachments.fail(lost, e);
    }
  }

  private void commitGroup() throws IOException {
    int end = done;
    while (end < taken.size() && writer.stage(taken.get(end))) {
      end++;
    }
    List<LogRecord> group = taken.subList(done, end);
    writer.commit();
    // Nothing above this line is acknowledged.
    budget.placed(group);
    forced.handOver(group);
    done = end;
  }
}
