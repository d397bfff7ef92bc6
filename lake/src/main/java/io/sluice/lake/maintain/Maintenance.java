package io.sluice.lake.maintain;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.TableLostException;
import io.sluice.schema.table.Table;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run over tables, one after the other. Whatever fails is said in the table's report, and left
 * to the next run: each step leaves a table as it was, or done. One thread uses it.
 */
public final class Maintenance {

  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

  private final Lake lake;
  private final MaintenanceSettings settings;
  private final Clock clock;
  private final MaintenanceCounters counters;
  private Optional<TablePlaces> places = Optional.empty();

  public Maintenance(
      Lake lake, MaintenanceSettings settings, Clock clock, MaintenanceCounters counters) {
    this.lake = lake;
    this.settings = settings;
    this.clock = clock;
    this.counters = counters;
  }

  /** The tables of ours that there are, by tenant; one that cannot be loaded is taken for ours. */
  public List<TableIdentifier> tables() throws LakeUnavailableException {
    List<TableIdentifier> ours = new ArrayList<>();
    for (String tenant : lake.tenants()) {
      for (Table table : Table.all()) {
        if (lake.has(tenant, table) && lake.table(tenant, table).mayBeOurs()) {
          ours.add(TableIdentifier.of(tenant, table.tableName()));
        }
      }
    }
    return ours;
  }

  /**
   * Does what is asked for to one table that is there.
   *
   * @param apply otherwise it only says what it would do
   */
  public TableReport run(String tenant, Table table, Set<MaintenanceTask> tasks, boolean apply) {
    TablePass pass =
        new TablePass(
            tenant, lake.table(tenant, table), settings, counters, clock.instant(), apply);
    counters.tables.increment();
    attempt(pass, "read", pass::count);
    if (tasks.contains(MaintenanceTask.RETENTION)) {
      attempt(pass, "take old rows out of", pass::retain);
    }
    if (tasks.contains(MaintenanceTask.ORPHANS)) {
      attempt(
          pass, "delete orphans of", () -> pass.deleteOrphans(new Orphans(lake.io(), places())));
    }
    attempt(pass, "read", pass::count);
    return pass.report();
  }

  @FunctionalInterface
  private interface Step {
    void run() throws LakeUnavailableException, TableLostException, RefusedException;
  }

  /** Whatever the store, the catalog or the table's own state has against it. */
  private static void attempt(TablePass pass, String what, Step step) {
    try {
      step.run();
    } catch (RefusedException | TableLostException | LakeUnavailableException e) {
      LOG.debug("maintenance", e);
      pass.failed("cannot %s it: %s".formatted(what, e.getMessage()));
    } catch (RuntimeException e) {
      LOG.warn("cannot {} a table in maintenance (the next run tries it again)", what, e);
      pass.failed("cannot %s it: %s".formatted(what, e));
    }
  }

  /** As they are when the first table asks, for all of the run. */
  private TablePlaces places() {
    TablePlaces known =
        places.orElseGet(
            () ->
                TablePlaces.of(
                    lake.catalog(),
                    lake.catalog() instanceof SupportsNamespaces namespaces ? namespaces : null));
    places = Optional.of(known);
    return known;
  }
}
