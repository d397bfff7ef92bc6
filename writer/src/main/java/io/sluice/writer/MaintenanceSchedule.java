package io.sluice.writer;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.maintain.Maintenance;
import io.sluice.lake.maintain.MaintenanceCounters;
import io.sluice.lake.maintain.MaintenanceSettings;
import io.sluice.lake.maintain.MaintenanceTask;
import io.sluice.lake.maintain.Pace;
import io.sluice.lake.maintain.ScheduleSettings;
import io.sluice.lake.maintain.TableReport;
import io.sluice.schema.table.Table;
import io.sluice.writer.persist.Holds;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maintains the tables of all tenants now and then, one after the other, by a thread of its own
 * that rests as long as it works: ingest comes first. Whatever fails is left to the next time.
 * Guarded by its monitor.
 */
final class MaintenanceSchedule implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MaintenanceSchedule.class);

  /** One that does not end is left behind: the process is about to end. */
  private static final long CLOSE_MILLIS = 1_000;

  private static final long LONGEST_REST_MILLIS = 60_000;

  /** Whoever wants the Writer held waits no longer for a rest. */
  private static final long LOOK_MILLIS = 200;

  private final MaintenanceSettings settings;
  private final ScheduleSettings schedule;
  private final Holds holds;
  private final Clock clock;
  private final DoubleSupplier random;
  private final MaintenanceCounters counters = new MaintenanceCounters();
  private @Nullable Thread thread;
  private boolean closed;

  /**
   * @param holds while the Writer is held nothing is done
   * @param random from 0 to 1: spreads what many Writers do
   */
  MaintenanceSchedule(
      MaintenanceSettings settings,
      ScheduleSettings schedule,
      Holds holds,
      Clock clock,
      DoubleSupplier random) {
    this.settings = settings;
    this.schedule = schedule;
    this.holds = holds;
    this.clock = clock;
    this.random = random;
  }

  MaintenanceCounters counters() {
    return counters;
  }

  /** Does nothing if it is switched off. */
  synchronized void start(Lake lake) {
    if (!schedule.isOn() && !schedule.isElsewhere() && settings.retention().isAny()) {
      LOG.warn(
          "retention is set, but this Writer deletes nothing: maintain.schedule is {} (on, or run"
              + " ./sluice maintain)",
          schedule.mode());
    }
    if (!schedule.isOn() || closed || thread != null) {
      return;
    }
    Thread started = new Thread(() -> keepOn(lake), "maintain");
    started.setDaemon(true);
    thread = started;
    started.start();
  }

  private void keepOn(Lake lake) {
    while (waits(Math.round(schedule.every().toMillis() * (0.75 + 0.5 * random.getAsDouble())))) {
      try {
        run(lake);
      } catch (LakeUnavailableException e) {
        counters.countFailure();
        LOG.warn("cannot maintain the tables: {} (tried again)", e.getMessage());
      } catch (RuntimeException e) {
        counters.countFailure();
        LOG.error("cannot maintain the tables (tried again)", e);
      }
    }
  }

  private void run(Lake lake) throws LakeUnavailableException {
    Maintenance maintenance =
        new Maintenance(lake, settings, clock, UUID::randomUUID, new Sparing(), counters);
    for (TableIdentifier id : maintenance.tables()) {
      try (Holds.Change change = holds.change("the maintenance of " + id)) {
        if (change == null || !goesOn()) {
          return; // the next time does what is left
        }
        TableReport report =
            maintenance.run(
                id.namespace().toString(),
                Table.named(id.name()).orElseThrow(),
                EnumSet.allOf(MaintenanceTask.class),
                true);
        say(report);
      }
    }
  }

  private static void say(TableReport report) {
    report.remarks().forEach(remark -> LOG.info("table {}: {}", report.table(), remark));
    report
        .failures()
        .forEach(failure -> LOG.warn("table {}: {} (tried again)", report.table(), failure));
    if (report.changed()) {
      LOG.info(
          "maintained {}: {} files over their time, {} compacted to {}, {} orphans, {} snapshots",
          report.table(),
          report.expired().files(),
          report.compacted().files(),
          report.written().files(),
          report.orphans().files() + report.uploads(),
          report.snapshots());
    }
  }

  private final class Sparing implements Pace {

    @Override
    public boolean goesOn() {
      return MaintenanceSchedule.this.goesOn() && !holds.isHeld();
    }

    @Override
    public void rest(Duration worked) {
      long left = Math.min(LONGEST_REST_MILLIS, worked.toMillis());
      while (left > 0 && goesOn() && waits(Math.min(left, LOOK_MILLIS))) {
        left -= LOOK_MILLIS;
      }
    }
  }

  private synchronized boolean goesOn() {
    return !closed;
  }

  /** False: it was closed meanwhile. */
  private synchronized boolean waits(long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    long left = millis;
    try {
      while (!closed && left > 0) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !closed;
  }

  /** What is under way is given up as soon as it can be. */
  @Override
  public void close() throws InterruptedException {
    Thread working;
    synchronized (this) {
      closed = true;
      working = thread;
      notifyAll();
    }
    if (working != null) {
      working.join(CLOSE_MILLIS);
    }
  }
}
