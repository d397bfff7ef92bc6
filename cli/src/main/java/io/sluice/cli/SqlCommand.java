package io.sluice.cli;

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
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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
      "Tables: traces, logs, metrics_gauge, metrics_sum, metrics_histogram,",
      "metrics_exponential_histogram, metrics_summary, profiles. DESCRIBE traces shows columns.",
      "Exit codes: 0 whole answer, 1 it cannot be read as a whole, 2 the statement is wrong."
    },
    mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {

  private static final int BUFFER = 1 << 16;

  /** As of a process that writes into a pipe whose reader has gone. */
  private static final int SIGPIPE = 128 + 13;

  /** Java has no exception of its own for it. */
  private static final String BROKEN_PIPE = "Broken pipe";

  /** A comment of SQL: no option has a space or, before its value, a line's end. */
  private static final Pattern COMMENT = Pattern.compile("(?s)--(\\s.*|[^=\\n]*\\n.*)");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "QUERY",
      description = "the statement; - reads it from standard input")
  private String query = "";

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
    String sql =
        query.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : query;
    try (Tables tables = Tables.open(common, where, reach.writers());
        SqlSession session = SqlSession.open(tables.allocator())) {
      TableReader reader =
          new TableReader(
              tables.lake(),
              tables.writers(),
              tables.allocator(),
              allowPartial,
              reading.leaderWait());
      try (SqlResult result = session.run(sql, reader, tenant)) {
        if (!print(result)) {
          return SIGPIPE;
        }
        result
            .missing()
            .forEach(what -> spec.commandLine().getErr().println("not in the answer: " + what));
      }
      return Launch.OK;
    } catch (ReadException e) {
      spec.commandLine().getErr().println("sluice sql: " + e.getMessage());
      if (e instanceof HotRowsAwayException) {
        spec.commandLine().getErr().println("(--allow-partial gives what can be read)");
      }
      return Launch.FAILED;
    } catch (SqlException e) {
      spec.commandLine().getErr().println("sluice sql: " + e.getMessage());
      return Launch.REFUSED_TO_START;
    }
  }

  /** Not through System.out, which swallows what goes wrong. False: nobody reads on. */
  private boolean print(SqlResult result) throws IOException, SqlException, ReadException {
    Writer out =
        new BufferedWriter(
            new OutputStreamWriter(
                new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8),
            BUFFER);
    try {
      format.write(result, out);
      out.flush();
      return true;
    } catch (IOException e) {
      if (BROKEN_PIPE.equals(e.getMessage())) {
        return false;
      }
      throw e;
    } catch (SqlException | ReadException e) {
      out.flush(); // what there is, for those who can use it
      throw e;
    }
  }
}
