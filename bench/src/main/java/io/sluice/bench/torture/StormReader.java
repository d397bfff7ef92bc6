package io.sluice.bench.torture;

import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.audit.AuditTarget;
import io.sluice.bench.audit.Ledger;
import io.sluice.bench.audit.RowContent;
import io.sluice.bench.audit.RowKeys;
import io.sluice.bench.audit.RowSource;
import io.sluice.bench.harness.SeenKeys;
import io.sluice.bench.torture.StormTally.Sight;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.query.ReadException;
import io.sluice.query.SqlException;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.jspecify.annotations.Nullable;

/**
 * Reads again and again: each read is whole or says that it cannot be. Its own thread reads; who
 * made it asks when it is closed.
 */
final class StormReader implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** So that reads of many rows leave the machine to what is tested. */
  private static final int PAUSE_PER_READ = 3;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final AuditTarget target;
  private final List<Path> files;
  private final List<StormRead> kinds;
  private final Map<StormRead, StormTally> tallies;
  private final FaultLog log;
  private final Thread thread = new Thread(this::run, "storm-reader");
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile long readSince;
  private @Nullable RowSource lasting; // its thread's

  /**
   * @param kinds in which ways it reads, in turns; one that lasts alone
   * @param tallies of each of them
   */
  StormReader(
      AuditTarget target,
      List<Path> files,
      List<StormRead> kinds,
      Map<StormRead, StormTally> tallies,
      FaultLog log) {
    this.target = target;
    this.files = files;
    this.kinds = kinds;
    this.tallies = tallies;
    this.log = log;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      for (int turn = 0; ended.getCount() > 0; turn++) {
        StormRead kind = kinds.get(turn % kinds.size());
        long began = System.nanoTime();
        readSince = began;
        attempt(kind);
        long took = System.nanoTime() - began;
        if (took > LONGEST.toNanos()) {
          log.found("a read (%s) took %d s".formatted(kind, took / 1_000_000_000));
        }
        long pause = Math.max(PAUSE.toMillis(), PAUSE_PER_READ * took / 1_000_000);
        long longest = kind == StormRead.SQL ? pause : Math.min(pause, LONGEST_PAUSE.toMillis());
        var unused = ended.await(longest, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeLasting();
    }
  }

  private void closeLasting() {
    try {
      if (lasting != null) {
        lasting.close();
      }
    } catch (Exception e) {
      log.found("a reader cannot be closed: " + e);
    }
  }

  private void attempt(StormRead kind) throws InterruptedException {
    StormTally tally = Objects.requireNonNull(tallies.get(kind));
    try {
      Sight sight = read(kind);
      tally.count(sight);
    } catch (ReadException | SqlException | LakeUnavailableException e) {
      tally.refused(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      tally.refused(String.valueOf(e.getMessage()));
      if (!isClear(kind, e)) {
        log.found("a read (%s) failed without a reason of its own: %s".formatted(kind, e));
      }
    }
  }

  /** Of readers that are not ours, only what a Writer says has to be in words. */
  private static boolean isClear(StormRead kind, Exception e) {
    if (kind == StormRead.SQL) {
      return false;
    }
    return !(e instanceof FlightRuntimeException said)
        || said.status().code() == FlightStatusCode.UNAVAILABLE
        || said.status().code() == FlightStatusCode.CANCELLED
        || String.valueOf(said.status().description()).startsWith("cannot ");
  }

  private Sight read(StormRead kind) throws Exception {
    List<Ledger> before = ledgers(kind);
    List<SeenKeys> seen = new ArrayList<>();
    before.forEach(ledger -> seen.add(new SeenKeys(ledger.keys(), List.of())));
    RowKeys all = new EachOf(seen);
    RowSource rows = lasting == null ? kind.open(target) : lasting;
    try {
      if (kind.lasts()) {
        lasting = rows;
      }
      for (Table table : kind.tables()) {
        rows.read(table, all);
      }
    } finally {
      if (!kind.lasts()) {
        rows.close();
      }
    }
    List<Ledger> after = ledgers(kind);
    Sight worst = Sight.WHOLE;
    for (int i = 0; i < seen.size(); i++) {
      AuditResult result = seen.get(i).compare(before.get(i), after.get(i));
      Sight sight = Sight.of(result, kind.isWhole());
      if (sight != Sight.WHOLE) {
        worst = sight;
        log.found(
            "a read (%s) of %s was %s: of what was acked before it and sent by its end: %s; %s"
                .formatted(kind, files.get(i).getFileName(), sight, result, result.offenders()));
      }
    }
    return worst;
  }

  private List<Ledger> ledgers(StormRead kind) throws IOException {
    Set<Signal> signals = EnumSet.noneOf(Signal.class);
    kind.tables().forEach(table -> signals.add(table.signal()));
    List<Ledger> ledgers = new ArrayList<>();
    for (Path file : files) {
      ledgers.add(Ledger.read(file).ackedOf(signals));
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

  /** Lets a read come to its end. */
  @Override
  public void close() throws InterruptedException {
    ended.countDown();
    thread.join(LONGEST.toMillis());
    if (thread.isAlive()) {
      log.found(
          "a read does not end: %d s".formatted((System.nanoTime() - readSince) / 1_000_000_000));
      thread.interrupt();
    }
  }
}
