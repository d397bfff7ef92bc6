package io.sluice.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice version}. */
@Command(
    name = "version",
    description = {
      "Prints the version of Sluice, and of the Java it runs on.",
      "Exit codes: 0 printed."
    },
    mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer>, IVersionProvider {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public String[] getVersion() {
    return new String[] {
      "Sluice %s, Java %s (%s)"
          .formatted(
              version(), Runtime.version().toString(), System.getProperty("java.vm.name", ""))
    };
  }

  /** As the jar's manifest says; a build that is not packaged has none. */
  static String version() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("(unpackaged)");
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(getVersion()[0]);
    return 0;
  }
}
