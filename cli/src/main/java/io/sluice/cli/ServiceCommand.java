package io.sluice.cli;

import io.sluice.schema.service.Launch;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code sluice writer}, {@code acceptor} and {@code flight-sql}: one service, in the foreground.
 */
@Command(mixinStandardHelpOptions = true)
final class ServiceCommand implements Callable<Integer> {

  private final Service service;
  private CommandSpec spec = CommandSpec.create();

  ServiceCommand(Service service) {
    this.service = service;
  }

  @Spec
  void spec(CommandSpec own) {
    spec = own;
    own.name(service.label());
    own.usageMessage()
        .description(
            service.description(),
            "Exit codes: 0 stopped as asked, 1 a part of it died, 2 it cannot start as it was told to.");
  }

  /** Ends the JVM by itself. */
  @Override
  public Integer call() {
    service.run(SettingsFlags.given(spec).toArray(new String[0]));
    return Launch.OK;
  }
}
