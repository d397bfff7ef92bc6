package io.sluice.cli;

import io.sluice.schema.service.KnownSettings;
import io.sluice.schema.service.Launch;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a sentence what is wrong with the arguments; exit code 2. */
final class UsageErrors implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    ParameterException e = first(failure);
    boolean top = command.getParent() == null;
    if (top && arguments.length == 0) {
      command.usage(command.getErr());
      return Launch.REFUSED_TO_START;
    }
    String name = command.getCommandSpec().qualifiedName();
    String what = String.valueOf(e.getMessage());
    Optional<String> meant = Optional.empty();
    if (e instanceof UnmatchedArgumentException unmatched) {
      String given = unmatched.getUnmatched().get(0);
      if (unmatched.isUnknownOption()) {
        meant = KnownSettings.meant(given.replaceFirst("=.*", ""), options(command));
      } else if (top) {
        what = "there is no command " + given;
        meant = KnownSettings.meant(given, command.getSubcommands().keySet());
      }
    }
    String proposed = meant.map(" (did you mean %s?)"::formatted).orElse("");
    command.getErr().println(name + ": " + what + proposed);
    command.getErr().println("(" + name + " --help)");
    return Launch.REFUSED_TO_START;
  }

  private static List<String> options(CommandLine command) {
    return command.getCommandSpec().options().stream()
        .flatMap(option -> Stream.of(option.names()))
        .toList();
  }

  /** What follows an option that is none is unmatched only because of it. */
  private static ParameterException first(ParameterException e) {
    return e instanceof UnmatchedArgumentException unmatched && unmatched.isUnknownOption()
        ? new UnmatchedArgumentException(
            e.getCommandLine(), List.of(unmatched.getUnmatched().get(0)))
        : e;
  }
}
