package io.sluice.cli.prompt;

import io.sluice.query.ReadException;
import io.sluice.query.ResultFormat;
import io.sluice.query.SqlException;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;

/**
 * Reads statements from a terminal and runs them, until its end. One thread runs it; Ctrl-C comes
 * on another.
 */
public final class Prompt {

  private static final String HELP =
      """
      A statement ends with ; and may take several lines. DuckDB's dialect, reading only.
      .tables               the tables
      .schema TABLE         its columns
      .format table|json|csv  how answers look
      .help                 this
      .quit                 ends, as Ctrl-D does
      Ctrl-C ends what runs, or forgets what is typed. Tab completes.""";

  private static final int HISTORY = 10_000;

  private final Terminal terminal;
  private final LineReader reader;
  private final Statements statements;
  private ResultFormat format;
  private volatile boolean cancelled;

  /**
   * @param history is read, and written for its owner alone
   */
  public Prompt(Terminal terminal, Path history, Statements statements, ResultFormat format)
      throws IOException {
    this.terminal = terminal;
    this.statements = statements;
    this.format = format;
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("sluice")
            .parser(new SqlLines())
            .completer(new Names())
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "     -> ")
            .variable(LineReader.HISTORY_SIZE, HISTORY)
            .option(LineReader.Option.CASE_INSENSITIVE, true)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_IGNORE_DUPS, true)
            .build();
    keep(history);
  }

  /** Statements may hold secrets. Where it cannot be made, there is none. */
  private void keep(Path history) {
    try {
      if (!Files.exists(history)) {
        Files.createFile(
            history,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      reader.setVariable(LineReader.HISTORY_FILE, history);
    } catch (IOException | UnsupportedOperationException e) {
      terminal.writer().println("there is no history: cannot write " + history);
    }
  }

  /** Returns at its end. */
  public void run() {
    terminal.writer().println("Statements end with ; and .help tells more.");
    while (true) {
      String line;
      try {
        line = reader.readLine("sluice> ").strip();
      } catch (UserInterruptException e) {
        continue; // what was typed is forgotten
      } catch (EndOfFileException e) {
        return;
      }
      if (line.equals(".quit") || line.equals(".exit")) {
        return;
      }
      if (line.startsWith(".")) {
        dot(line);
      } else if (!SqlText.statement(line).isEmpty()) {
        statement(SqlText.statement(line));
      }
    }
  }

  private void dot(String line) {
    String[] words = line.split("\\s+", -1);
    String argument = words.length > 1 ? words[1].replace(";", "") : "";
    switch (words[0]) {
      case ".help" -> say(HELP);
      case ".tables" ->
          say(Table.all().stream().map(Table::tableName).collect(Collectors.joining("\n")));
      case ".schema" -> {
        Optional<Table> table = Table.named(argument);
        if (table.isPresent()) {
          statement("DESCRIBE " + argument);
        } else {
          say("cannot show table: '%s' (tables are %s)".formatted(argument, Table.all()));
        }
      }
      case ".format" -> {
        Optional<ResultFormat> named =
            Arrays.stream(ResultFormat.values())
                .filter(each -> each.name().equals(argument.toUpperCase(Locale.ROOT)))
                .findFirst();
        named.ifPresentOrElse(
            each -> format = each,
            () -> say("cannot use format: '%s' (table, json or csv)".formatted(argument)));
      }
      default -> say("cannot do %s (.help tells what there is)".formatted(words[0]));
    }
  }

  private void statement(String sql) {
    Thread self = Thread.currentThread();
    cancelled = false;
    Terminal.SignalHandler before = terminal.handle(Signal.INT, signal -> cancel(self));
    long started = System.nanoTime();
    try {
      statements.run(sql, format);
      say("%d ms".formatted((System.nanoTime() - started) / 1_000_000));
    } catch (SqlException | ReadException | IOException | RuntimeException e) {
      say(cancelled ? "cancelled" : String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      say("cancelled");
    } finally {
      terminal.handle(Signal.INT, before);
      if (Thread.interrupted()) {
        cancelled = false; // it was meant for the statement, which has ended
      }
    }
  }

  private void cancel(Thread running) {
    cancelled = true;
    statements.cancel();
    running.interrupt(); // it may wait for a Writer
  }

  private void say(String text) {
    PrintWriter out = terminal.writer();
    text.lines().forEach(out::println);
    out.flush();
  }
}
