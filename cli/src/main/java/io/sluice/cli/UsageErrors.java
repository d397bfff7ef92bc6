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
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + e.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(e, command.getErr())
        || e instanceof MissingParameterException) {
      command.getErr().println("(" + command.getCommandSpec().qualifiedName() + " --help)");
    }
    return Launch.REFUSED_TO_START;
  }
}
