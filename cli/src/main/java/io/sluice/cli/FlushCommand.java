package io.sluice.cli;

import io.sluice.query.Flushed;
import io.sluice.query.Leaders;
import io.sluice.query.ReadException;
import io.sluice.query.ReadSettings;
import io.sluice.query.Writers;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice flush}: what is hot becomes Parquet now. */
@Command(
    name = "flush",
    description = {
      "Makes the leaders of all logs persist what is hot, and waits until it is in the tables.",
      "Exit codes: 0 done, 1 not in all logs: it says why."
    },
    mixinStandardHelpOptions = true)
final class FlushCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      completionCandidates = TableNames.class,
      description = "one table; default: all")
  private @Nullable String table;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "whose, if one table is named; default: ${DEFAULT-VALUE}")
  private String tenant = ReadTicket.DEFAULT_TENANT;

  @Override
  public Integer call() throws InvalidSettingsException, InterruptedException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    Table one = table == null ? null : Table.named(table).orElse(null);
    settings.require(
        table == null || one != null,
        "cannot flush table: %s (tables are %s)".formatted(table, Table.all()));
    ReadSettings reading = ReadSettings.from(settings);
    Reach reach = Reach.from(settings);
    settings.check();
    PrintWriter out = spec.commandLine().getOut();
    List<ReadException> failures = new ArrayList<>();
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(common.writers(), reach.writers(), allocator)) {
      new Leaders(writers, reading.leaderWait())
          .all("flush", leader -> print(out, leader, flushed(writers, leader, one)), failures::add);
    } catch (ReadException e) {
      failures.add(e);
    }
    failures.forEach(e -> spec.commandLine().getErr().println("sluice flush: " + e.getMessage()));
    return failures.isEmpty() ? Launch.OK : Launch.FAILED;
  }

  private List<Flushed> flushed(Writers writers, HostPort leader, @Nullable Table one)
      throws ReadException {
    return one == null ? writers.flush(leader) : writers.flush(leader, tenant, one);
  }

  private static void print(PrintWriter out, HostPort leader, List<Flushed> tables) {
    tables.forEach(
        t ->
            out.printf(
                "%s.%s: %d rows persisted, up to position %d%n",
                t.tenant(), t.table(), t.rows(), t.position()));
    if (tables.isEmpty()) {
      out.println(leader + ": nothing was hot");
    }
  }
}
