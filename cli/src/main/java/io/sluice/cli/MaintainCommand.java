package io.sluice.cli;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeSettings;
import io.sluice.lake.maintain.Maintenance;
import io.sluice.lake.maintain.MaintenanceCounters;
import io.sluice.lake.maintain.MaintenanceSettings;
import io.sluice.lake.maintain.MaintenanceTask;
import io.sluice.lake.maintain.Pace;
import io.sluice.lake.maintain.TableReport;
import io.sluice.query.Asked;
import io.sluice.query.WriterStatus;
import io.sluice.query.Writers;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice maintain}: cares for the tables, beside whatever writes them. */
@Command(
    name = "maintain",
    description = {
      "Deletes rows that are over their time (setting retention), makes large files of the small ones",
      "of each day that is over, and deletes files that no table refers to. Writers may run.",
      "Without --yes it says what it would do.",
      "Exit codes: 0 done, or nothing to do, 1 something could not be done: it says what and why."
    },
    mixinStandardHelpOptions = true)
final class MaintainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--yes", description = "do it")
  private boolean yes;

  @Option(names = "--table", paramLabel = "TABLE", description = "one table; default: all")
  private @Nullable String table;

  @Option(names = "--tenant", paramLabel = "TENANT", description = "whose; default: all")
  private @Nullable String tenant;

  @Option(
      names = "--only",
      paramLabel = "TASK",
      split = ",",
      description = "${COMPLETION-CANDIDATES}; default: all")
  private Set<MaintenanceTask> only = EnumSet.allOf(MaintenanceTask.class);

  @Override
  public Integer call() throws InvalidSettingsException, IOException, InterruptedException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    LakeConfig where = LakeSettings.from(settings, common);
    MaintenanceSettings maintenance = MaintenanceSettings.from(settings);
    settings.require(
        table == null || Table.named(table).isPresent(),
        "cannot maintain table: %s (tables are %s)".formatted(table, Table.all()));
    Reach reach = Reach.from(settings);
    settings.check();
    Tables.requireCatalog(common);
    if (yes) {
      requireNotHeld(common, reach);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "retention: "
            + (maintenance.retention().isAny()
                ? settings.settings().stream()
                    .filter(setting -> setting.key().equals("retention"))
                    .map(setting -> setting.value() + " (" + setting.origin() + ")")
                    .findFirst()
                    .orElseThrow()
                : "rows are kept for ever (no setting retention here; one that `up` was given as a flag is its own)"));
    try (Lake lake = Lake.open(where, Clock.systemUTC())) {
      return run(
          new Maintenance(
              lake,
              maintenance,
              Clock.systemUTC(),
              UUID::randomUUID,
              Pace.FULL,
              new MaintenanceCounters()),
          out);
    }
  }

  /**
   * It would tear a copy that is being made. Writers that do not run, or do not tell, hold none.
   */
  private static void requireNotHeld(CommonSettings common, Reach reach)
      throws InvalidSettingsException, IOException, InterruptedException {
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(common.writers(), reach.writers(), allocator)) {
      for (Asked<WriterStatus> asked : writers.statuses()) {
        WriterStatus status = asked.answer();
        if (status != null && status.heldSeconds() >= 0) {
          throw new IOException(
              "cannot maintain tables: Writer %s is held for a copy (run it again when that has ended)"
                  .formatted(asked.address()));
        }
      }
    }
  }

  private int run(Maintenance maintenance, PrintWriter out) throws IOException {
    MaintenanceLines.head(out, yes);
    int code = Launch.OK;
    int tables = 0;
    for (TableIdentifier id : maintenance.tables()) {
      String owner = id.namespace().toString();
      if ((tenant == null || tenant.equals(owner)) && (table == null || table.equals(id.name()))) {
        TableReport report =
            maintenance.run(owner, Table.named(id.name()).orElseThrow(), only, yes);
        MaintenanceLines.print(out, report, yes);
        code = report.failures().isEmpty() ? code : Launch.FAILED;
        tables++;
      }
    }
    if (tables == 0) {
      out.println("there is no such table");
    } else if (!yes) {
      out.println("nothing was changed (run it again with --yes to do it)");
    }
    out.flush();
    return code;
  }
}
