package io.sluice.cli;

import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeSettings;
import io.sluice.query.ReadException;
import io.sluice.query.ReadSettings;
import io.sluice.query.RowFilter;
import io.sluice.query.SqlException;
import io.sluice.query.TableReader;
import io.sluice.query.replay.Replay;
import io.sluice.query.replay.ReplayException;
import io.sluice.query.replay.ReplayOptions;
import io.sluice.query.replay.Target;
import io.sluice.query.replay.Totals;
import io.sluice.schema.service.ByteSize;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Durations;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice replay}: rows back to OTLP, to any endpoint. */
@Command(
    name = "replay",
    description = {
      "Sends rows, hot and persisted, as OTLP: each as it came in, each once. Tables are all but",
      "profiles unless they are named. With --checkpoint, what was killed goes on when it is run again.",
      "Exit codes: 0 all was taken, 1 something was rejected, refused or could not be read or sent,",
      "2 it was asked for wrongly."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "TABLE", arity = "0..*", description = "such as traces, metrics_sum")
  private List<String> tables = new ArrayList<>();

  @Option(
      names = "--signal",
      split = ",",
      paramLabel = "SIGNAL",
      description = "traces, logs, metrics, profiles: all tables of it")
  private List<String> signals = new ArrayList<>();

  @Option(
      names = "--to",
      paramLabel = "URL",
      description = "http://HOST:4317 (gRPC), http://HOST:4318 (HTTP), or https://")
  private @Nullable String to;

  @Option(
      names = "--protocol",
      paramLabel = "P",
      description = "grpc or http/protobuf; default: as the port says")
  private @Nullable String protocol;

  @Option(
      names = "--header",
      paramLabel = "K=V",
      description = "of each request, such as authorization or X-Scope-OrgID; may be repeated")
  private List<String> headers = new ArrayList<>();

  @Option(names = "--ca", paramLabel = "FILE", description = "PEM: whom to believe, by https://")
  private @Nullable Path authorities;

  @Option(names = "--gzip", description = "compress requests")
  private boolean gzip;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "rows with time from then on: 2026-01-31 or 2026-01-31T08:00:00Z")
  private @Nullable String from;

  @Option(names = "--until", paramLabel = "TIME", description = "rows with time before then")
  private @Nullable String until;

  @Option(
      names = "--where",
      paramLabel = "SQL",
      description = "rows for which that holds, in DuckDB's dialect")
  private @Nullable String where;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "whose rows; default: ${DEFAULT-VALUE}")
  private String tenant = ReadTicket.DEFAULT_TENANT;

  @Option(names = "--rate", paramLabel = "N", description = "records a second; default: full speed")
  private double rate;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "records in a request, at most; default: ${DEFAULT-VALUE}")
  private int batch = 2_000;

  @Option(
      names = "--batch-bytes",
      paramLabel = "SIZE",
      description = "bytes of a request, at most; default: ${DEFAULT-VALUE}")
  private String batchBytes = "1MiB";

  @Option(
      names = "--outstanding",
      paramLabel = "N",
      description = "requests under way at a time; default: ${DEFAULT-VALUE}")
  private int outstanding = 4;

  @Option(
      names = "--give-up-after",
      paramLabel = "TIME",
      description = "how long a request is tried again; default: ${DEFAULT-VALUE}")
  private String patience = "5m";

  @Option(
      names = "--skip-refused",
      description = "go on after a request that was refused for good; it is counted")
  private boolean skipRefused;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "how far it is; a replay whose file is there goes on")
  private @Nullable Path checkpoint;

  @Option(names = "--dry-run", description = "send nothing: count what would be sent")
  private boolean dryRun;

  @Option(names = "--json", description = "print the result as JSON")
  private boolean json;

  @Override
  public Integer call() throws InvalidSettingsException, IOException, InterruptedException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    LakeConfig where = LakeSettings.from(settings, common);
    ReadSettings reading = ReadSettings.from(settings);
    Reach reach = Reach.from(settings);
    settings.check();
    ReplayOptions options = options();
    try (Tables tables = Tables.open(common, where, reach.writers())) {
      TableReader reader =
          new TableReader(
              tables.lake(), tables.writers(), tables.allocator(), false, reading.leaderWait());
      return run(new Replay(options, reader, tables.allocator()));
    } catch (ReadException | ReplayException e) {
      spec.commandLine().getErr().println("sluice replay: " + e.getMessage());
      return Launch.FAILED;
    } catch (SqlException e) {
      spec.commandLine().getErr().println("sluice replay: " + e.getMessage());
      return Launch.REFUSED_TO_START;
    }
  }

  private int run(Replay replay)
      throws ReadException, ReplayException, SqlException, IOException, InterruptedException {
    long began = System.nanoTime();
    ReplayProgress progress =
        ReplayProgress.shown(replay, spec.commandLine().getErr(), Terminal.showsErrors());
    Totals totals;
    try {
      totals = replay.run();
    } finally {
      progress.close();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ReplayLines.json(out, replay, totals, dryRun, seconds);
    } else {
      ReplayLines.text(out, replay, totals, dryRun ? "" : String.valueOf(to), seconds);
    }
    return totals.rejected() + totals.refused() == 0 ? Launch.OK : Launch.FAILED;
  }

  private ReplayOptions options() {
    try {
      Target target = dryRun && to == null ? null : target();
      require(!dryRun || checkpoint == null, "use --checkpoint with --dry-run: nothing is sent");
      return new ReplayOptions(
          tenant,
          tables(),
          new RowFilter(time("--from", from), time("--until", until), where),
          dryRun ? null : target,
          rate,
          batch,
          ByteSize.parse(batchBytes).bytes(),
          outstanding,
          patience(),
          skipRefused,
          checkpoint);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Duration patience() {
    return Durations.parse(patience);
  }

  private Target target() {
    if (to == null) {
      throw new IllegalArgumentException(
          "cannot replay: no endpoint was given (--to http://HOST:4317, or --dry-run)");
    }
    return ReplayTarget.of(to, protocol, headers, authorities, gzip);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("cannot " + what);
    }
  }

  private List<Table> tables() {
    Set<Table> chosen = new LinkedHashSet<>();
    for (String name : tables) {
      chosen.add(
          Table.named(name)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "cannot replay table: %s (tables are %s)".formatted(name, Table.all()))));
    }
    for (String name : signals) {
      Signal signal = signal(name);
      Table.all().stream().filter(table -> table.signal() == signal).forEach(chosen::add);
    }
    if (chosen.isEmpty()) {
      Table.all().stream()
          .filter(table -> Signal.stable().contains(table.signal()))
          .forEach(chosen::add);
    }
    return List.copyOf(chosen);
  }

  private static Signal signal(String name) {
    for (Signal signal : Signal.values()) {
      if (signal.name().toLowerCase(Locale.ROOT).equals(name)) {
        return signal;
      }
    }
    throw new IllegalArgumentException(
        "cannot replay signal: %s (traces, logs, metrics or profiles)".formatted(name));
  }

  private static @Nullable Instant time(String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return text.length() == "2026-01-31".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "cannot read time: %s %s (write it as 2026-01-31, which begins in UTC, or 2026-01-31T08:00:00Z)"
              .formatted(option, text),
          e);
    }
  }
}
