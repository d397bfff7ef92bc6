package io.sluice.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
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

  /** Each has all settings as options: it is made if it is asked for. */
  private static final Map<String, Supplier<CommandLine>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("up", () -> SettingsFlags.on(new UpCommand()));
    COMMANDS.put("acceptor", () -> SettingsFlags.on(new ServiceCommand(Service.ACCEPTOR)));
    COMMANDS.put("writer", () -> SettingsFlags.on(new ServiceCommand(Service.WRITER)));
    COMMANDS.put("flight-sql", () -> SettingsFlags.on(new ServiceCommand(Service.FLIGHT_SQL)));
    COMMANDS.put("sql", () -> SettingsFlags.on(new SqlCommand()));
    COMMANDS.put("tail", () -> SettingsFlags.on(new TailCommand()));
    COMMANDS.put("trace", () -> SettingsFlags.on(new TraceCommand()));
    COMMANDS.put("replay", () -> SettingsFlags.on(new ReplayCommand()));
    COMMANDS.put("config", () -> SettingsFlags.on(new ConfigCommand()));
    COMMANDS.put("doctor", () -> SettingsFlags.on(new DoctorCommand()));
    COMMANDS.put("status", () -> SettingsFlags.on(new StatusCommand()));
    COMMANDS.put("flush", () -> SettingsFlags.on(new FlushCommand()));
    COMMANDS.put("wal", Main::wal);
    COMMANDS.put("maintain", () -> SettingsFlags.on(new MaintainCommand()));
    COMMANDS.put("rebalance", () -> SettingsFlags.on(new RebalanceCommand()));
    COMMANDS.put("reset", () -> SettingsFlags.on(new ResetCommand()));
    COMMANDS.put("load", () -> SettingsFlags.on(new LoadCommand()));
    COMMANDS.put("audit", () -> SettingsFlags.on(new AuditCommand()));
    COMMANDS.put("certificates", () -> new CommandLine(new CertificatesCommand()));
    COMMANDS.put("size", () -> new CommandLine(new SizeCommand()));
    COMMANDS.put("torture", () -> new CommandLine(new TortureCommand()));
    COMMANDS.put("completion", () -> new CommandLine(new CompletionCommand()));
    COMMANDS.put("version", () -> new CommandLine(new VersionCommand()));
  }

  public static void main(String[] arguments) {
    System.exit(commands(arguments).execute(SqlCommand.commentsAsText(arguments)));
  }

  private static CommandLine wal() {
    return new CommandLine(new WalCommand()).addSubcommand(SettingsFlags.on(new UnparkCommand()));
  }

  /** As far as these arguments need them: the one that they name, or all. */
  static CommandLine commands(String... arguments) {
    CommandLine sluice = new CommandLine(new Main());
    Supplier<CommandLine> named = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
    if (named == null) {
      COMMANDS.forEach(
          (name, command) -> sluice.addSubcommand(name, Examples.in(name, command.get())));
    } else {
      sluice.addSubcommand(arguments[0], Examples.in(arguments[0], named.get()));
    }
    return sluice
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(new CommandErrors());
  }
}
