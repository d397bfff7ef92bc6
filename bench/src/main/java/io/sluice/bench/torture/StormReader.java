package io.sluice.bench.torture;

import io.sluice.bench.audit.AuditTarget;
import io.sluice.bench.audit.Ledger;
import io.sluice.bench.audit.RowContent;
import io.sluice.bench.audit.RowKeys;
import io.sluice.bench.harness.SeenKeys;
import io.sluice.bench.harness.SqlRows;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.query.ReadException;
import io.sluice.query.SqlException;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads all tables by SQL again and again, as users do: each read is whole or says that it cannot
 * be. Its own thread reads; who made it asks when it is closed.
 */
final class StormReader implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** So that reads of many rows leave the machine to what is tested. */
  private static final int PAUSE_PER_READ = 3;

  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final AuditTarget target;
  private final List<Path> files;
  private final FaultLog log;
  private final Thread thread = new Thread(this::run, "storm-reader");
  private volatile boolean ended;
  private volatile long readingSince;
  private int whole;
  private int refused;
  private String lastRefusal = "";
  private @Nullable SqlRows sql;

  StormReader(AuditTarget target, List<Path> files, FaultLog log) {
    this.target = target;
    this.files = files;
    this.log = log;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!ended) {
        long began = System.nanoTime();
        readingSince = began;
        attempt();
        long took = System.nanoTime() - began;
        if (took > LONGEST.toNanos()) {
          log.found("a read took %d s".formatted(took / 1_000_000_000));
        }
        readingSince = 0;
        Thread.sleep(Math.max(PAUSE.toMillis(), PAUSE_PER_READ * took / 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (sql != null) {
        sql.close();
      }
    }
  }

  private void attempt() throws InterruptedException {
    try {
      read();
      whole++;
    } catch (ReadException | SqlException | LakeUnavailableException e) {
      refused++;
      lastRefusal = String.valueOf(e.getMessage());
    } catch (AssertionError e) {
      log.found(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      log.found("a read failed without a reason of its own: " + e);
    }
  }

  private void read() throws Exception {
    SqlRows rows = sql;
    if (rows == null) {
      rows = new SqlRows(target);
      sql = rows;
    }
    List<Ledger> before = ledgers();
    List<SeenKeys> seen = new ArrayList<>();
    before.forEach(ledger -> seen.add(new SeenKeys(ledger.keys(), List.of())));
    RowKeys all = new EachOf(seen);
    for (Table table : Table.all()) {
      rows.read(table, all);
    }
    List<Ledger> after = ledgers();
    IntStream.range(0, seen.size())
        .filter(i -> before.get(i).ackedRecords() > 0)
        .forEach(
            i ->
                seen.get(i)
                    .require(
                        before.get(i), after.get(i), "a read of " + files.get(i).getFileName()));
  }

  private List<Ledger> ledgers() throws IOException {
    List<Ledger> ledgers = new ArrayList<>();
    for (Path file : files) {
      ledgers.add(Ledger.read(file));
    }
    return ledgers;
  }

  /** Each row is told to each run, which knows its own. */
  private record EachOf(List<SeenKeys> runs) implements RowKeys {

    @Override
    public void span(@Nullable String traceId, @Nullable String spanId, @Nullable RowContent row) {
      runs.forEach(run -> run.span(traceId, spanId, row));
    }

    @Override
    public void keyed(Table table, @Nullable String key, @Nullable RowContent row) {
      runs.forEach(run -> run.keyed(table, key, row));
    }
  }

  int whole() {
    return whole;
  }

  @Override
  public String toString() {
    return "reads: %d whole, %d refused%s"
        .formatted(whole, refused, refused == 0 ? "" : ", at last: " + lastRefusal);
  }

  /** Lets a read come to its end. */
  @Override
  public void close() throws InterruptedException {
    ended = true;
    if (readingSince == 0) {
      thread.interrupt(); // it pauses
    }
    thread.join(LONGEST.toMillis());
    if (thread.isAlive()) {
      log.found(
          "a read does not end: %d s"
              .formatted((System.nanoTime() - readingSince) / 1_000_000_000));
      thread.interrupt();
    }
  }
}
