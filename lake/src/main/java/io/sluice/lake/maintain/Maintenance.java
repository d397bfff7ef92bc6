package io.sluice.lake.maintain;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeTable;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.TableLostException;
import io.sluice.schema.service.Secrets;
import io.sluice.schema.table.Table;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
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
  private final Supplier<UUID> ids;
  private final Pace pace;
  private final MaintenanceCounters counters;
  private Optional<TablePlaces> places = Optional.empty();

  /**
   * @param ids random parts of file names
   */
  public Maintenance(
      Lake lake,
      MaintenanceSettings settings,
      Clock clock,
      Supplier<UUID> ids,
      Pace pace,
      MaintenanceCounters counters) {
    this.lake = lake;
    this.settings = settings;
    this.clock = clock;
    this.ids = ids;
    this.pace = pace;
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
    LakeTable maintained = lake.table(tenant, table);
    TablePass pass = new TablePass(tenant, maintained, settings, counters, clock.instant(), apply);
    counters.tables.increment();
    attempt(pass, "read", pass::count);
    if (tasks.contains(MaintenanceTask.RETENTION)) {
      attempt(pass, "take old rows out of", pass::retain);
    }
    if (tasks.contains(MaintenanceTask.COMPACTION)) {
      attempt(
          pass,
          "compact",
          () -> pass.compact(new Compaction(maintained, settings, clock, ids, pace)));
      attempt(pass, "merge manifests of", pass::mergeManifests);
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
      pass.failed("cannot %s it: %s".formatted(what, withReason(e)));
    } catch (RuntimeException e) {
      if (!LakeUnavailableException.isSaidBy(e)) {
        LOG.error("cannot {} a table (the next run tries it again)", what, e);
      }
      LOG.debug("maintenance", e);
      pass.failed("cannot %s it: %s".formatted(what, withReason(e)));
    }
  }

  /** Iceberg says that it failed; only the database or the file system says why. */
  private static String withReason(Exception e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String said = e.getMessage() == null ? e.toString() : e.getMessage();
    String cause = String.valueOf(deepest.getMessage());
    return Secrets.mask("", said.contains(cause) ? said : said + ": " + cause);
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
