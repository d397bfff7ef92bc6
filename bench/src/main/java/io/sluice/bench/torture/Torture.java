package io.sluice.bench.torture;

import io.sluice.bench.audit.Audit;
import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.audit.DuckDbRows;
import io.sluice.bench.audit.TableRows;
import io.sluice.bench.harness.Deadline;
import io.sluice.query.ReadException;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Real processes, real load, random faults, and afterwards an audit of all that was acked. One
 * thread runs it, once; any may stop it.
 */
public final class Torture {

  private static final Duration RECOVERY = Duration.ofMinutes(5);
  private static final Duration FLUSH = Duration.ofMinutes(5);
  private static final Duration PROGRESS = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 200;

  /**
   * A Writer that is away is known here by a name that only the others know: that it does not
   * resolve is no news. Held, since a logger that nobody holds forgets its level.
   */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private final TortureOptions options;
  private final Repertoire repertoire;
  private final PrintStream out;
  private final FaultLog log;
  private final CountDownLatch stopped = new CountDownLatch(1);

  public Torture(TortureOptions options, PrintStream out) {
    this(options, options.repertoire(), out);
  }

  /** With some kinds of fault alone. */
  Torture(TortureOptions options, Repertoire repertoire, PrintStream out) {
    GRPC.setLevel(Level.SEVERE);
    this.options = options;
    this.repertoire = repertoire;
    this.out = out;
    this.log = new FaultLog(out);
  }

  /** Ends the faults before their time: the audit still comes. */
  public void stop() {
    stopped.countDown();
  }

  /**
   * Runs it, and prints its last line.
   *
   * @throws IOException the services cannot be started, or what is acked cannot be read at the end;
   *     data, logs and notes are then kept, as after a verdict that is not clean
   */
  public Verdict run() throws Exception {
    Path given = options.directory();
    Path directory =
        given == null
            ? Files.createTempDirectory("sluice-torture")
            : Files.createDirectories(given);
    boolean clean = false;
    try {
      FaultPlan plan = FaultPlan.of(options.seed(), options.length(), repertoire);
      out.printf("seed %d, directory %s, planned:%n", options.seed(), directory);
      plan.faults().forEach(out::println);
      Verdict verdict = run(directory, plan);
      clean = verdict.clean();
      verdict.findings().forEach(finding -> out.println("wrong: " + finding));
      verdict.hot().offenders().forEach(offender -> out.println("hot + persisted: " + offender));
      verdict.persisted().offenders().forEach(offender -> out.println("persisted: " + offender));
      if (!clean) {
        out.println("data, logs and notes are kept: " + directory);
      }
      out.println(verdict);
      return verdict;
    } finally {
      if (clean && given == null) {
        delete(directory);
      }
    }
  }

  private Verdict run(Path directory, FaultPlan plan) throws Exception {
    try (Stand stand = Stand.open(directory, options, log)) {
      Availability availability = stand.availability();
      StormReaders readers = StormReaders.start(stand.box().target(), stand.loads().notes(), log);
      try (availability;
          Storm storm = Storm.begin(plan, stand.arsenal(), log, stand.loads()::acked)) {
        awaitEnd(storm);
        log.say("no more faults");
      }
      stand.awaitRecovery(RECOVERY);
      stand.loads().finish(log);
      readers.close();
      log.say("%d of %d planned faults came".formatted(log.count(), plan.faults().size()));
      return judge(stand, availability, readers);
    }
  }

  /** Until the time is up and each kind has come, or until it is stopped. */
  private void awaitEnd(Storm storm) throws InterruptedException {
    Deadline end = Deadline.in(options.length(), Duration.ZERO);
    Deadline progress = Deadline.in(PROGRESS, Duration.ZERO);
    while ((!end.hasPassed() || !storm.isDone())
        && !stopped.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      if (progress.hasPassed()) {
        log.say("on: " + log.between(System.nanoTime(), System.nanoTime()));
        progress = Deadline.in(PROGRESS, Duration.ZERO);
      }
    }
  }

  private Verdict judge(Stand stand, Availability availability, StormReaders readers)
      throws Exception {
    log.say("audit of hot and persisted rows");
    AuditResult hot = audit(stand);
    stand.arsenal().ledgers().check("at the end");
    flush(stand);
    log.say("audit of persisted rows");
    AuditResult persisted = audit(stand);
    stand.arsenal().ledgers().check("after the flush");
    requireNoHotRows(stand);
    stand.stop();
    List<Availability.Gap> gaps = availability.longest();
    out.println(log.summary());
    stand.arsenal().services().forEach(out::println);
    out.println(stand.arsenal().foreign());
    out.println(readers);
    out.println(stand.arsenal().ledgers());
    stand.loads().print(out);
    out.println("hot + persisted: " + hot + "; " + hot.unknownStored() + " not acked are stored");
    out.println("persisted: " + persisted);
    availability.worst().forEach((kind, worst) -> out.printf("%-22s %s%n", kind, worst));
    gaps.forEach(out::println);
    return new Verdict(
        hot,
        persisted,
        gaps.stream().mapToDouble(Availability.Gap::seconds).max().orElse(0),
        readers.whole(),
        log.findings(),
        log.done());
  }

  private static AuditResult audit(Stand stand) throws Exception {
    try (TableRows rows = new TableRows(stand.box().target(), new DuckDbRows())) {
      return Audit.run(stand.loads().notes(), rows);
    }
  }

  private static void flush(Stand stand) throws Exception {
    Deadline end = Deadline.in(FLUSH, Duration.ZERO);
    while (true) {
      try {
        stand.arsenal().ledgers().flush();
        return;
      } catch (ReadException e) {
        end.check("a flush (" + e.getMessage() + ")");
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  private void requireNoHotRows(Stand stand) throws Exception {
    try (TableRows rows = new TableRows(stand.box().target(), (table, iceberg, at, keys) -> 0)) {
      for (Table table : Table.all()) {
        rows.read(table, Unread.ROWS);
        if (rows.hotRows() > 0) {
          log.found("%s has %d hot rows after a flush".formatted(table, rows.hotRows()));
        }
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(path);
      }
    }
  }
}
