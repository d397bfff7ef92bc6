package io.sluice.cli;

import io.sluice.query.Leaders;
import io.sluice.query.ReadException;
import io.sluice.query.ReadSettings;
import io.sluice.query.Writers;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice wal unpark}: what waits for a table goes to the one that is there now. */
@Command(
    name = "unpark",
    description = {
      "Lets rows that wait for a table go to it, though it was dropped and made anew: it is taken as",
      "it is now, or made if it is not there. What the old one held is not in it. Each log's leader does",
      "it for its own rows: the Writers must run.",
      "Exit codes: 0 done, or nothing to do, 1 not done: it says why."
    },
    mixinStandardHelpOptions = true)
final class UnparkCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "TENANT.TABLE", description = "as in default.traces")
  private String name = "";

  @Override
  public Integer call() throws InvalidSettingsException, InterruptedException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    int dot = name.indexOf('.');
    Table table = dot < 0 ? null : Table.named(name.substring(dot + 1)).orElse(null);
    settings.require(
        table != null,
        "cannot unpark: %s (TENANT.TABLE; tables are %s)".formatted(name, Table.all()));
    ReadSettings reading = ReadSettings.from(settings);
    Reach reach = Reach.from(settings);
    settings.check();
    Table one = Objects.requireNonNull(table);
    String tenant = name.substring(0, dot);
    List<ReadException> failures = new ArrayList<>();
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(common.writers(), reach.writers(), allocator)) {
      new Leaders(writers, reading.leaderWait())
          .all(
              "unpark " + name + " in",
              leader -> {
                String done = writers.unpark(leader, tenant, one);
                spec.commandLine().getOut().println(leader + ": " + done);
              },
              failures::add);
    } catch (ReadException e) {
      failures.add(e);
    }
    failures.forEach(
        e -> spec.commandLine().getErr().println("sluice wal unpark: " + e.getMessage()));
    return failures.isEmpty() ? Launch.OK : Launch.FAILED;
  }
}
