package io.sluice.cli;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeSettings;
import io.sluice.lake.TableLostException;
import io.sluice.lake.TableTotals;
import io.sluice.query.Asked;
import io.sluice.query.ReadException;
import io.sluice.query.WriterStatus;
import io.sluice.query.Writers;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Secrets;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice status}: tables, Writers, logs. */
@Command(
    name = "status",
    description = {
      "Says what is persisted and what is hot, who leads the logs, what they hold, who is away, and what",
      "became of records.",
      "Exit codes: 0 each log has a leader that answered, and the catalog did, 1 not so, or records",
      "are missing."
    },
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "as one JSON object")
  private boolean json;

  @Override
  public Integer call() throws InvalidSettingsException, IOException, InterruptedException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    LakeConfig where = LakeSettings.from(settings, common);
    Reach reach = Reach.from(settings);
    settings.check();
    StatusReport report = new StatusReport();
    try (Tables tables = Tables.open(common, where, reach.writers())) {
      FutureTask<List<StatusReport.Persisted>> persisted =
          new FutureTask<>(() -> persisted(tables));
      Thread reader = new Thread(persisted, "tables");
      reader.setDaemon(true);
      reader.start();
      writers(tables.writers(), report);
      persisted(persisted, report);
    }
    if (json) {
      report.json(spec.commandLine().getOut());
    } else {
      report.text(spec.commandLine().getOut());
    }
    return report.isWhole() ? Launch.OK : Launch.FAILED;
  }

  private static void writers(Writers writers, StatusReport report) throws InterruptedException {
    for (Asked<WriterStatus> asked : writers.statuses()) {
      if (asked.answer() != null) {
        report.writer(asked.address(), asked.answer());
      } else if (asked.failure() != null) {
        report.unreachable(asked.address(), asked.failure().getMessage());
      }
    }
    if (report.hasWriters()) {
      try {
        report.logs(writers.logsOfAll());
      } catch (ReadException e) {
        report.withoutLogs(e.getMessage());
      }
    }
  }

  /** What Writers say is worth printing without a catalog, too. */
  private static void persisted(
      FutureTask<List<StatusReport.Persisted>> tables, StatusReport report)
      throws InterruptedException {
    try {
      tables.get().forEach(report::persisted);
    } catch (ExecutionException e) {
      Throwable why = e.getCause();
      if (why instanceof RuntimeException defect) {
        throw defect;
      }
      report.withoutCatalog(Secrets.mask("", String.valueOf(why == null ? e : why.getMessage())));
    }
  }

  private static List<StatusReport.Persisted> persisted(Tables tables)
      throws IOException, InterruptedException, InvalidSettingsException {
    Lake lake = tables.lake();
    List<StatusReport.Persisted> persisted = new ArrayList<>();
    for (String tenant : lake.tenants()) {
      for (Table table : Table.all()) {
        persisted.add(persisted(lake, tenant, table));
      }
    }
    return persisted;
  }

  private static StatusReport.Persisted persisted(Lake lake, String tenant, Table table)
      throws IOException {
    TableTotals totals = TableTotals.NOTHING;
    String problem = "";
    try {
      totals = lake.table(tenant, table).snapshot().totals();
    } catch (TableLostException e) {
      problem = String.valueOf(e.getMessage());
    }
    return new StatusReport.Persisted(
        tenant, table.tableName(), totals.rows(), totals.files(), totals.bytes(), problem);
  }
}
