package io.sluice.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code sluice}. */
@Command(
    name = "sluice",
    description = "OpenTelemetry in: durable at once, readable at once, open for ever.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class)
public final class Main {

  public static void main(String[] arguments) {
    System.exit(commands().execute(SqlCommand.commentsAsText(arguments)));
  }

  static CommandLine commands() {
    CommandLine sluice =
        new CommandLine(new Main())
            .addSubcommand(SettingsFlags.on(new UpCommand()))
            .addSubcommand(SettingsFlags.on(new ServiceCommand(Service.ACCEPTOR)))
            .addSubcommand(SettingsFlags.on(new ServiceCommand(Service.WRITER)))
            .addSubcommand(SettingsFlags.on(new SqlCommand()))
            .addSubcommand(SettingsFlags.on(new StatusCommand()))
            .addSubcommand(SettingsFlags.on(new FlushCommand()))
            .addSubcommand(
                new CommandLine(new WalCommand())
                    .addSubcommand(SettingsFlags.on(new UnparkCommand())))
            .addSubcommand(SettingsFlags.on(new MaintainCommand()))
            .addSubcommand(SettingsFlags.on(new RebalanceCommand()))
            .addSubcommand(SettingsFlags.on(new ResetCommand()))
            .addSubcommand(SettingsFlags.on(new LoadCommand()))
            .addSubcommand(SettingsFlags.on(new AuditCommand()))
            .addSubcommand(new CertificatesCommand())
            .addSubcommand(new TortureCommand())
            .addSubcommand(new VersionCommand());
    return sluice
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(new CommandErrors());
  }
}
