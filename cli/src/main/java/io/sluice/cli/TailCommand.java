package io.sluice.cli;

import io.sluice.cli.show.Paint;
import io.sluice.cli.show.Screen;
import io.sluice.cli.tail.JsonRows;
import io.sluice.cli.tail.Lines;
import io.sluice.cli.tail.Output;
import io.sluice.cli.tail.RowFilter;
import io.sluice.cli.tail.RowFilter.Wanted;
import io.sluice.cli.tail.RowFormat;
import io.sluice.cli.tail.Severity;
import io.sluice.cli.tail.Tail;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeSettings;
import io.sluice.query.Follow;
import io.sluice.query.ReadException;
import io.sluice.query.ReadSettings;
import io.sluice.query.SqlException;
import io.sluice.query.SqlResult;
import io.sluice.query.SqlSession;
import io.sluice.query.TableReader;
import io.sluice.query.Writers;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Durations;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.ShutdownSignal;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice tail}: what arrives, as it does. */
@Command(
    name = "tail",
    description = {
      "Shows records as they arrive, a line each, until Ctrl-C: of all Writers, each once, also when a",
      "Writer dies in between. Times are UTC. Who is away, and what was left out, is said on standard error.",
      "Exit codes: 0 ended by Ctrl-C, 1 it cannot be read, 2 it was asked for something impossible,",
      "141 nobody reads its output any more."
    },
    mixinStandardHelpOptions = true)
final class TailCommand implements Callable<Integer> {

  private static final Duration END = Duration.ofSeconds(3);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "TABLE",
      completionCandidates = TableNames.class,
      description = "logs, traces, metrics (all five tables) or one table; default: logs")
  private String what = "logs";

  @Option(names = "--service", paramLabel = "NAME", description = "of this service")
  private @Nullable String service;

  @Option(
      names = "--severity",
      paramLabel = "LEVEL",
      description =
          "at least trace, debug, info, warn, error or fatal; spans that failed are error, others info")
  private @Nullable String severity;

  @Option(
      names = "--attribute",
      paramLabel = "KEY[=VALUE]",
      description =
          "with this attribute, of the record, its resource or its scope; may be repeated")
  private List<String> attributes = new ArrayList<>();

  @Option(
      names = "--grep",
      paramLabel = "TEXT",
      description = "with this text in body, name, status or an attribute, in any case")
  private @Nullable String text;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "first what is so old at most, as 5m or 2h: from memory and Parquet")
  private @Nullable String since;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "whose; default: ${DEFAULT-VALUE}")
  private String tenant = ReadTicket.DEFAULT_TENANT;

  @Option(names = "--json", description = "an object a line, with all columns but those of bytes")
  private boolean json;

  @Option(
      names = "--no-color",
      description = "without colours, as with NO_COLOR in the environment")
  private boolean plain;

  private final AtomicInteger code = new AtomicInteger(Launch.OK);

  @Override
  public Integer call() throws InvalidSettingsException, IOException, InterruptedException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    LakeConfig where = LakeSettings.from(settings, common);
    ReadSettings reading = ReadSettings.from(settings);
    Reach reach = Reach.from(settings);
    List<Table> followed = tables(settings);
    RowFilter filter = filter(settings, followed);
    Duration past = past(settings);
    settings.check();

    ShutdownSignal signal = ShutdownSignal.install();
    Output output = new Output(StandardOut.open(), why -> unwritten(why, signal));
    Supplier<RowFormat> formats = formats();
    Map<Table, Tail> tails = new LinkedHashMap<>();
    for (Table table : followed) {
      tails.put(
          table, new Tail(table, filter, formats, output, this::say, why -> failed(why, signal)));
    }
    FutureTask<@Nullable Void> work =
        new FutureTask<>(
            () -> {
              try {
                if (past == null) {
                  fromNow(common, reach, tails, signal);
                } else {
                  fromPast(
                      Tables.open(common, where, reach.writers()),
                      reading,
                      past,
                      filter,
                      tails,
                      signal);
                }
              } finally {
                signal.stop("it is done");
              }
              return null;
            });
    Thread worker = new Thread(work, "tail");
    worker.setDaemon(true);
    worker.start();
    signal.await();
    int ended = Launch.FAILED;
    try {
      ended = ended(work);
      return ended;
    } catch (InvalidSettingsException e) {
      ended = Launch.REFUSED_TO_START;
      throw e;
    } finally {
      signal.finished(ended); // else no signal but SIGKILL ends the process
    }
  }

  /** Waits for what is under way, but not for a terminal that takes nothing or a long query. */
  private int ended(FutureTask<@Nullable Void> work)
      throws InterruptedException, InvalidSettingsException, IOException {
    try {
      work.get(END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return code.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ReadException || e.getCause() instanceof SqlException) {
        say(String.valueOf(e.getCause().getMessage()));
        return Launch.FAILED;
      }
      if (e.getCause() instanceof InvalidSettingsException invalid) {
        throw invalid;
      }
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IOException("cannot follow: " + e.getCause(), e.getCause());
    }
    return code.get();
  }

  private void fromNow(
      CommonSettings common, Reach reach, Map<Table, Tail> tails, ShutdownSignal signal)
      throws ReadException, InterruptedException, InvalidSettingsException {
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(common.writers(), reach.writers(), allocator)) {
      follow(writers, tails, Map.of(), signal);
    }
  }

  private void fromPast(
      Tables opened,
      ReadSettings reading,
      Duration past,
      RowFilter filter,
      Map<Table, Tail> tails,
      ShutdownSignal signal)
      throws IOException,
          InterruptedException,
          ReadException,
          SqlException,
          InvalidSettingsException {
    try (Tables tables = opened;
        SqlSession session = SqlSession.open(tables.allocator())) {
      TableReader reader =
          new TableReader(
              tables.lake(), tables.writers(), tables.allocator(), false, reading.leaderWait());
      Instant from = Instant.now().minus(past);
      Map<Table, Map<UUID, Long>> after = new LinkedHashMap<>();
      for (Map.Entry<Table, Tail> each : tails.entrySet()) {
        String sql = filter.select(each.getKey(), each.getValue().columns(), from);
        try (SqlResult result = session.run(sql, reader, tenant)) {
          after.put(each.getKey(), result.positions());
          while (result.next()) {
            each.getValue().write(result.columns(), 0, result.rowCount());
          }
        }
      }
      follow(tables.writers(), tails, after, signal);
    }
  }

  private void follow(
      Writers writers,
      Map<Table, Tail> tails,
      Map<Table, Map<UUID, Long>> after,
      ShutdownSignal signal)
      throws ReadException, InterruptedException {
    List<Follow> follows = new ArrayList<>();
    try {
      for (Map.Entry<Table, Tail> each : tails.entrySet()) {
        Map<UUID, Long> known = after.getOrDefault(each.getKey(), Map.of());
        follows.add(
            Follow.start(
                writers, tenant, each.getKey(), each.getValue().columns(), known, each.getValue()));
      }
      signal.await();
    } finally {
      follows.forEach(Follow::cancel);
      for (Follow follow : follows) {
        if (!follow.stop()) {
          // a terminal that takes nothing holds its thread, and that its rows: the process ends
          new CountDownLatch(1).await();
        }
      }
    }
  }

  private void unwritten(IOException why, ShutdownSignal signal) {
    if (StandardOut.isUnread(why)) {
      code.set(StandardOut.SIGPIPE);
    } else {
      say("cannot write: " + why.getMessage());
      code.set(Launch.FAILED);
    }
    signal.stop("nobody reads on");
  }

  private void failed(ReadException why, ShutdownSignal signal) {
    say(why.getMessage());
    code.set(Launch.FAILED);
    signal.stop("it cannot be read");
  }

  private void say(String sentence) {
    spec.commandLine().getErr().println("sluice tail: " + sentence);
  }

  private Supplier<RowFormat> formats() {
    if (json) {
      return JsonRows::new;
    }
    Screen screen = Screen.here();
    Paint paint = new Paint(!plain && screen.colours(System.getenv()));
    return () -> new Lines(paint, screen.width(), Clock.systemUTC());
  }

  private List<Table> tables(Settings settings) {
    if (what.equals("metrics")) {
      return Table.all().stream().filter(table -> table.signal() == Signal.METRICS).toList();
    }
    Optional<Table> one = Table.named(what);
    settings.require(
        one.isPresent(),
        "cannot follow: %s (logs, traces, metrics, or one of %s)".formatted(what, Table.all()));
    return one.map(List::of).orElse(List.of());
  }

  private RowFilter filter(Settings settings, List<Table> tables) {
    Severity least = null;
    if (severity != null) {
      least = Severity.named(severity).orElse(null);
      settings.require(
          least != null,
          "cannot filter by severity: %s (levels are trace, debug, info, warn, error, fatal)"
              .formatted(severity));
      settings.require(
          tables.stream().allMatch(table -> table == Table.LOGS || table == Table.TRACES),
          "cannot filter %s by severity: only logs and spans have one".formatted(what));
    }
    List<Wanted> wanted = new ArrayList<>();
    for (String attribute : attributes) {
      int equals = attribute.indexOf('=');
      settings.require(
          equals != 0 && !attribute.isEmpty(),
          "cannot filter by attribute: '%s' (write KEY=VALUE)".formatted(attribute));
      wanted.add(
          equals < 0
              ? new Wanted(attribute, null)
              : new Wanted(attribute.substring(0, equals), attribute.substring(equals + 1)));
    }
    return new RowFilter(service, least, wanted, text);
  }

  private @Nullable Duration past(Settings settings) {
    try {
      return since == null ? null : Durations.parse(since);
    } catch (IllegalArgumentException e) {
      settings.require(false, "cannot use --since: " + e.getMessage());
      return null;
    }
  }
}
