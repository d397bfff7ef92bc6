package io.sluice.cli;

import io.sluice.schema.service.Launch;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a sentence what is wrong with the arguments; exit code 2. */
final class UsageErrors implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    boolean top = command.getParent() == null;
    if (top && arguments.length == 0) {
      command.usage(command.getErr());
      return Launch.REFUSED_TO_START;
    }
    boolean noCommand =
        top && e instanceof UnmatchedArgumentException && !arguments[0].startsWith("-");
    command
        .getErr()
        .println(
            command.getCommandSpec().qualifiedName()
                + ": "
                + (noCommand ? "there is no command " + arguments[0] : e.getMessage()));
    if (!UnmatchedArgumentException.printSuggestions(e, command.getErr())
        || e instanceof MissingParameterException) {
      command.getErr().println("(" + command.getCommandSpec().qualifiedName() + " --help)");
    }
    return Launch.REFUSED_TO_START;
  }
}
