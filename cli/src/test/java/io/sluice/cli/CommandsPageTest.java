package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class CommandsPageTest {

  @Test
  void pageSaysWhatTheCommandsDeclare() throws Exception {
    Path written = Path.of("target", "commands.md");
    Files.writeString(written, CommandsPage.text());
    assertThat(Path.of("..", "docs", "commands.md"))
        .as("copy cli/%s over it", written)
        .hasSameTextualContentAs(written);
  }

  @Test
  void eachCommandSaysItsExitCodesAndHasExamplesThatParse() {
    for (CommandLine command : all(Main.commands(), new ArrayList<>())) {
      String name = command.getCommandSpec().qualifiedName().substring("sluice ".length());
      String help = command.getUsageMessage().replaceAll("\\s+", " "); // it wraps lines
      assertThat(help).as(name).contains("Exit codes: ", "Examples:");
      assertThat(Examples.of(name)).as(name).isNotEmpty();
      for (String example : Examples.of(name)) {
        assertThat(help).contains(example);
        parses(example);
      }
    }
  }

  /** As far as a shell would give it to the command. */
  private static void parses(String example) {
    String words = example.replaceFirst("^source <\\(", "").replaceFirst("( [|>] .*|\\))$", "");
    String[] arguments =
        Arrays.stream(words.replaceFirst(" < .*", "").split(" (?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"))
            .skip(1)
            .map(word -> word.replace("\"", ""))
            .toArray(String[]::new);
    assertThat(Main.commands(arguments).parseArgs(arguments).errors()).as(example).isEmpty();
  }

  private static List<CommandLine> all(CommandLine of, List<CommandLine> found) {
    for (CommandLine below : of.getSubcommands().values()) {
      found.add(below);
      all(below, found);
    }
    return found;
  }
}
