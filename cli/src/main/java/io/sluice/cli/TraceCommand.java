package io.sluice.cli;

import io.sluice.cli.show.Paint;
import io.sluice.cli.show.RecordRow;
import io.sluice.cli.show.Screen;
import io.sluice.cli.tail.JsonRows;
import io.sluice.cli.tail.RowFormat;
import io.sluice.cli.trace.Span;
import io.sluice.cli.trace.SpanLog;
import io.sluice.cli.trace.Waterfall;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeSettings;
import io.sluice.query.HotRowsAwayException;
import io.sluice.query.ReadException;
import io.sluice.query.ReadSettings;
import io.sluice.query.SqlException;
import io.sluice.query.SqlResult;
import io.sluice.query.SqlSession;
import io.sluice.query.TableReader;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice trace}: one trace as a waterfall. */
@Command(
    name = "trace",
    description = {
      "Shows all spans of a trace, of all services, hot and persisted: who called whom, for how long, and when.",
      "Exit codes: 0 shown, 1 there is no span of it, or it cannot be read as a whole, 2 it is no trace id."
    },
    mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {

  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final int USUAL_WIDTH = 120;
  private static final int NARROWEST = 40;
  private static final int WIDEST = 160;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "TRACE_ID", description = "32 hex digits")
  private String trace = "";

  @Option(names = "--logs", description = "with the log records of the trace, below their spans")
  private boolean logs;

  @Option(
      names = "--json",
      description =
          "an object a line for each span (and log record), with all columns but those of bytes")
  private boolean json;

  @Option(
      names = "--width",
      paramLabel = "COLUMNS",
      description = "of a line; default: the terminal's, up to 160, or 120")
  private int width;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "whose; default: ${DEFAULT-VALUE}")
  private String tenant = ReadTicket.DEFAULT_TENANT;

  @Option(
      names = "--no-color",
      description = "without colours, as with NO_COLOR in the environment")
  private boolean plain;

  @Option(
      names = "--allow-partial",
      description =
          "show what there is when logs cannot be read whole, and say on standard error which and why")
  private boolean allowPartial;

  @Override
  public Integer call() throws InvalidSettingsException, IOException, InterruptedException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    LakeConfig where = LakeSettings.from(settings, common);
    ReadSettings reading = ReadSettings.from(settings);
    Reach reach = Reach.from(settings);
    String id = trace.toLowerCase(Locale.ROOT);
    settings.require(
        ID.matcher(id).matches() && !id.equals("0".repeat(32)),
        "cannot show trace: '%s' is no trace id (write 32 hex digits, as trace_id has them)"
            .formatted(trace));
    settings.require(
        width == 0 || width >= NARROWEST,
        "cannot use --width: %d (at least %d)".formatted(width, NARROWEST));
    settings.check();
    StringBuilder out = new StringBuilder();
    int code = Launch.OK;
    try (Tables tables = Tables.open(common, where, reach.writers());
        SqlSession session = SqlSession.open(tables.allocator())) {
      TableReader reader =
          new TableReader(
              tables.lake(),
              tables.writers(),
              tables.allocator(),
              allowPartial,
              reading.leaderWait());
      boolean found =
          json ? objects(session, reader, id, out) : waterfall(session, reader, id, out);
      if (!found) {
        say(
            "cannot find trace: %s has no span in tenant %s, hot or persisted"
                .formatted(id, tenant));
        code = Launch.FAILED;
      }
    } catch (ReadException e) {
      say(e.getMessage());
      if (e instanceof HotRowsAwayException away) {
        spec.commandLine().getErr().println(away.advice());
      }
      return Launch.FAILED;
    } catch (SqlException e) {
      say(String.valueOf(e.getMessage()));
      return Launch.FAILED;
    }
    return StandardOut.write(out) ? code : StandardOut.SIGPIPE;
  }

  private boolean waterfall(SqlSession session, TableReader reader, String id, StringBuilder out)
      throws ReadException, SqlException, InterruptedException, IOException {
    List<Span> spans = rows(session, reader, select(Span.COLUMNS, "traces", id), Span::of);
    List<SpanLog> records =
        logs ? rows(session, reader, select(SpanLog.COLUMNS, "logs", id), SpanLog::of) : List.of();
    if (spans.isEmpty()) {
      return false;
    }
    Screen screen = Screen.here();
    int columns =
        width > 0 ? width : screen.terminal() ? Math.min(screen.width(), WIDEST) : USUAL_WIDTH;
    new Waterfall(
            new Paint(!plain && screen.colours(System.getenv())), Math.max(NARROWEST, columns))
        .draw(id, spans, records, out);
    return true;
  }

  private boolean objects(SqlSession session, TableReader reader, String id, StringBuilder out)
      throws ReadException, SqlException, InterruptedException {
    boolean any = false;
    for (Table table : logs ? List.of(Table.TRACES, Table.LOGS) : List.of(Table.TRACES)) {
      RowFormat rows = new JsonRows();
      String columns =
          rows.columns(table).stream()
              .map(column -> '"' + column + '"')
              .collect(Collectors.joining(", "));
      String sql = select(columns, table.tableName(), id) + " ORDER BY time";
      try (SqlResult result = session.run(sql, reader, tenant)) {
        missing(result);
        while (result.next()) {
          rows.batch(table, result.columns());
          for (int row = 0; row < result.rowCount(); row++) {
            rows.append(row, out);
            out.append('\n');
            any |= table == Table.TRACES;
          }
        }
      }
    }
    return any;
  }

  private static String select(String columns, String table, String id) {
    return "SELECT %s FROM %s WHERE trace_id = '%s'".formatted(columns, table, id);
  }

  private <T> List<T> rows(
      SqlSession session, TableReader reader, String sql, Function<RecordRow, T> of)
      throws ReadException, SqlException, InterruptedException {
    List<T> all = new ArrayList<>();
    try (SqlResult result = session.run(sql, reader, tenant)) {
      missing(result);
      while (result.next()) {
        RecordRow row = new RecordRow(result.columns());
        for (int i = 0; i < result.rowCount(); i++) {
          all.add(of.apply(row.at(i)));
        }
      }
    }
    return all;
  }

  private void missing(SqlResult result) {
    result
        .missing()
        .forEach(what -> spec.commandLine().getErr().println("not in the answer: " + what));
  }

  private void say(String sentence) {
    spec.commandLine().getErr().println("sluice trace: " + sentence);
  }
}
