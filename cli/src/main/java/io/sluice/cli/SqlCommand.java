package io.sluice.cli;

import io.sluice.cli.prompt.Prompt;
import io.sluice.cli.prompt.Statements;
import io.sluice.cli.show.Screen;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeSettings;
import io.sluice.query.HotRowsAwayException;
import io.sluice.query.ReadException;
import io.sluice.query.ReadSettings;
import io.sluice.query.ResultFormat;
import io.sluice.query.SqlException;
import io.sluice.query.SqlResult;
import io.sluice.query.SqlSession;
import io.sluice.query.TableReader;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.schema.wire.ReadTicket;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice sql}: one statement over hot and persisted rows. */
@Command(
    name = "sql",
    description = {
      "Runs one SQL statement (DuckDB's dialect) over all rows, hot and persisted.",
      "Without a statement: a prompt on a terminal, with history in ~/.sluice_history; elsewhere the",
      "statement is read from standard input.",
      "Tables: traces, logs, metrics_gauge, metrics_sum, metrics_histogram,",
      "metrics_exponential_histogram, metrics_summary, profiles. DESCRIBE traces shows columns.",
      "Exit codes: 0 whole answer, 1 it cannot be read as a whole, 2 the statement is wrong."
    },
    mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {

  private static final int BUFFER = 1 << 16;

  /** A comment of SQL: no option has a space or, before its value, a line's end. */
  private static final Pattern COMMENT = Pattern.compile("(?s)--(\\s.*|[^=\\n]*\\n.*)");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "QUERY",
      description = "the statement; - reads it from standard input")
  private @Nullable String query;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table, json or csv; default: ${DEFAULT-VALUE}")
  private ResultFormat format = ResultFormat.TABLE;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "whose tables; default: ${DEFAULT-VALUE}")
  private String tenant = ReadTicket.DEFAULT_TENANT;

  @Option(
      names = "--allow-partial",
      description =
          "give what there is when logs cannot be read whole, and say on standard error which and why")
  private boolean allowPartial;

  /** Keeps a statement that begins with a comment from being taken for an option. */
  static String[] commentsAsText(String... arguments) {
    if (arguments.length == 0 || !arguments[0].equals("sql")) {
      return arguments;
    }
    return Arrays.stream(arguments)
        .map(argument -> COMMENT.matcher(argument).matches() ? " " + argument : argument)
        .toArray(String[]::new);
  }

  @Override
  public Integer call() throws InvalidSettingsException, IOException, InterruptedException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    LakeConfig where = LakeSettings.from(settings, common);
    ReadSettings reading = ReadSettings.from(settings);
    Reach reach = Reach.from(settings);
    settings.check();
    String statement = query;
    boolean prompt = statement == null && Screen.interactive();
    if (!prompt && (statement == null || statement.equals("-"))) {
      statement = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }
    try (Tables tables = Tables.open(common, where, reach.writers());
        SqlSession session = SqlSession.open(tables.allocator())) {
      if (statement == null) {
        return prompt(tables, session, reading);
      }
      return answer(session, statement, reader(tables, reading)) ? Launch.OK : StandardOut.SIGPIPE;
    } catch (ReadException e) {
      spec.commandLine().getErr().println("sluice sql: " + e.getMessage());
      if (e instanceof HotRowsAwayException away) {
        spec.commandLine().getErr().println(away.advice());
      }
      return Launch.FAILED;
    } catch (SqlException e) {
      spec.commandLine().getErr().println("sluice sql: " + e.getMessage());
      return Launch.REFUSED_TO_START;
    }
  }

  private TableReader reader(Tables tables, ReadSettings reading)
      throws IOException, InterruptedException, InvalidSettingsException {
    return new TableReader(
        tables.lake(), tables.writers(), tables.allocator(), allowPartial, reading.leaderWait());
  }

  /** False: nobody reads on. */
  private boolean answer(SqlSession session, String statement, TableReader reader)
      throws IOException, SqlException, ReadException, InterruptedException {
    try (SqlResult result = session.run(statement, reader, tenant)) {
      if (!print(result, format)) {
        return false;
      }
      missing(result);
    }
    return true;
  }

  private void missing(SqlResult result) {
    result
        .missing()
        .forEach(what -> spec.commandLine().getErr().println("not in the answer: " + what));
  }

  private int prompt(Tables tables, SqlSession session, ReadSettings reading)
      throws IOException, InterruptedException, InvalidSettingsException {
    TableReader reader = reader(tables, reading);
    Statements statements =
        new Statements() {
          @Override
          public void run(String sql, ResultFormat as)
              throws IOException, SqlException, ReadException, InterruptedException {
            try (SqlResult result = session.run(sql, reader, tenant)) {
              print(result, as);
              missing(result);
            }
          }

          @Override
          public void cancel() {
            session.cancel();
          }
        };
    Path history = Path.of(System.getProperty("user.home"), ".sluice_history");
    // no library of its own that it would unpack: stty does it
    try (Terminal terminal = TerminalBuilder.builder().system(true).provider("exec").build()) {
      new Prompt(terminal, history, statements, format).run();
    }
    return Launch.OK;
  }

  /** Not through System.out, which swallows what goes wrong. False: nobody reads on. */
  private static boolean print(SqlResult result, ResultFormat format)
      throws IOException, SqlException, ReadException {
    Writer out =
        new BufferedWriter(
            new OutputStreamWriter(StandardOut.open(), StandardCharsets.UTF_8), BUFFER);
    try {
      format.write(result, out);
      out.flush();
      return true;
    } catch (IOException e) {
      if (StandardOut.isUnread(e)) {
        return false;
      }
      throw e;
    } catch (SqlException | ReadException e) {
      out.flush(); // what there is, for those who can use it
      throw e;
    }
  }
}
