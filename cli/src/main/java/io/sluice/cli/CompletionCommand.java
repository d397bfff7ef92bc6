package io.sluice.cli;

import io.sluice.schema.service.Launch;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice completion}: what a shell needs to complete commands and options. */
@Command(
    name = "completion",
    description = {
      "Prints a script by which a shell completes commands, options and tables.",
      "Exit codes: 0 printed, 2 it is for no such shell."
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {

  /** zsh runs the script of bash, which then loads what it needs for that. */
  enum Shell {
    BASH,
    ZSH
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "SHELL", description = "bash or zsh")
  private Shell shell = Shell.BASH;

  @Override
  public Integer call() {
    String script = AutoComplete.bash("sluice", Main.commands());
    if (shell == Shell.ZSH) {
      spec.commandLine().getOut().println("#compdef sluice");
    }
    spec.commandLine().getOut().print(script.replace("\r\n", "\n"));
    spec.commandLine().getOut().flush();
    return Launch.OK;
  }
}
