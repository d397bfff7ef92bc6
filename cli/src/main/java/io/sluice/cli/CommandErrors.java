package io.sluice.cli;

import io.sluice.schema.service.FileFailure;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * What a command that failed says, and its exit code: 2 if it was asked for something impossible, 1
 * if something failed. The message is enough; {@code SLUICE}'s own defects show where they are.
 */
final class CommandErrors implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter errors = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    if (e instanceof InvalidSettingsException invalid) {
      invalid.problems().forEach(problem -> errors.println(name + ": " + problem));
      return Launch.REFUSED_TO_START;
    }
    if (e instanceof FileSystemException file) {
      errors.println(name + ": " + FileFailure.sentence(file));
      return Launch.FAILED;
    }
    errors.println(name + ": " + (e.getMessage() == null ? e : e.getMessage()));
    if (e instanceof RuntimeException) {
      e.printStackTrace(errors);
    }
    return Launch.FAILED;
  }
}
