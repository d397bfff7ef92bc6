package io.sluice.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** docs/commands.md, from the commands themselves: a test holds the page to them. */
final class CommandsPage {

  private static final String INTRODUCTION =
      """
      # Commands

      What `./sluice COMMAND --help` says, on one page; it is generated. With `./sluice` in the PATH, as here, it is `sluice`.

      - Every setting is an option of every command that needs it: `--data`, `--writers`, `--token` and all others of [configuration.md](configuration.md).
      - Exit codes: 0 it went well, 1 something failed or is not as it should be, 2 it was asked for something impossible (a wrong flag, a bad statement, a table that is none), 141 nobody reads its output any more, as of a process in a pipe.
      - What goes wrong is a sentence on standard error, of what and what to do. Standard output is for the answer.
      - For machines: `--json` of `tail`, `trace` and `status`, `--format json` or `csv` of `sql`.
      - `NO_COLOR` in the environment, or `--no-color`: no colours. There are none where standard output is no terminal.
      """;

  private static final String EXIT_CODES = "Exit codes: ";
  private static final String SETTING = "setting SLUICE_";

  static String text() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    CommandLine sluice = Main.commands();
    sluice
        .getSubcommands()
        .forEach((name, command) -> command(page, name, command.getCommandSpec()));
    return page.toString();
  }

  private static void command(StringBuilder page, String name, CommandSpec spec) {
    page.append("\n## ").append(name).append("\n\n`sluice ").append(name);
    List<OptionSpec> options =
        spec.options().stream()
            .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp())
            .filter(option -> !said(option).startsWith(SETTING))
            .toList();
    if (!options.isEmpty()) {
      page.append(" [OPTIONS]");
    }
    spec.positionalParameters()
        .forEach(
            argument ->
                page.append(argument.arity().min() == 0 ? " [" : " ")
                    .append(argument.paramLabel())
                    .append(argument.arity().min() == 0 ? "]" : ""));
    page.append(spec.subcommands().isEmpty() ? "" : " COMMAND").append("`\n\n");
    String description = String.join(" ", spec.usageMessage().description());
    int codes = description.indexOf(EXIT_CODES);
    page.append(codes < 0 ? description : description.substring(0, codes).strip()).append("\n");
    if (codes >= 0) {
      page.append("\n").append(description.substring(codes)).append("\n");
    }
    List<String> rows = new ArrayList<>();
    spec.positionalParameters().forEach(each -> rows.add(row(label(each), each)));
    options.forEach(each -> rows.add(row(label(each), each)));
    if (!rows.isEmpty()) {
      page.append("\n| argument | what it is |\n| --- | --- |\n");
      rows.forEach(page::append);
    }
    page.append("\n```\n");
    Examples.of(name).forEach(example -> page.append(example).append('\n'));
    page.append("```\n");
    spec.subcommands()
        .forEach((inner, below) -> command(page, name + " " + inner, below.getCommandSpec()));
  }

  private static String label(PositionalParamSpec argument) {
    return argument.paramLabel();
  }

  private static String label(OptionSpec option) {
    boolean bare = option.arity().max() == 0;
    return Arrays.stream(option.names())
        .map(name -> bare ? name : name + " " + option.paramLabel())
        .collect(Collectors.joining("`, `"));
  }

  private static String row(String label, ArgSpec argument) {
    String fallback = String.valueOf(argument.defaultValueString());
    String text =
        said(argument)
            .replace("${DEFAULT-VALUE}", fallback.equals("null") ? initial(argument) : fallback)
            .replace("|", "\\|");
    return "| `%s` | %s |\n".formatted(label, text);
  }

  private static String initial(ArgSpec argument) {
    return String.valueOf(argument.initialValue());
  }

  private static String said(ArgSpec argument) {
    return String.join(" ", argument.description());
  }

  private CommandsPage() {}
}
