package io.sluice.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
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

  /** Made if it is asked for: whole, or as much as the list of commands tells of it. */
  private interface Made {
    CommandLine make(boolean whole);
  }

  private static final Map<String, Made> COMMANDS = new LinkedHashMap<>();

  static {
    settings("up", UpCommand::new);
    settings("acceptor", () -> new ServiceCommand(Service.ACCEPTOR));
    settings("writer", () -> new ServiceCommand(Service.WRITER));
    settings("flight-sql", () -> new ServiceCommand(Service.FLIGHT_SQL));
    settings("sql", SqlCommand::new);
    settings("tail", TailCommand::new);
    settings("trace", TraceCommand::new);
    settings("replay", ReplayCommand::new);
    settings("config", ConfigCommand::new);
    settings("doctor", DoctorCommand::new);
    settings("status", StatusCommand::new);
    settings("flush", FlushCommand::new);
    settings("hold", HoldCommand::new);
    COMMANDS.put("wal", whole -> wal());
    settings("maintain", MaintainCommand::new);
    settings("rebalance", RebalanceCommand::new);
    settings("reset", ResetCommand::new);
    settings("load", LoadCommand::new);
    settings("audit", AuditCommand::new);
    plain("certificates", CertificatesCommand::new);
    plain("size", SizeCommand::new);
    plain("torture", TortureCommand::new);
    plain("completion", CompletionCommand::new);
    plain("version", VersionCommand::new);
  }

  /** All settings are options of it: that many take a while to make. */
  private static void settings(String name, Supplier<Object> command) {
    COMMANDS.put(
        name, whole -> whole ? SettingsFlags.on(command.get()) : new CommandLine(command.get()));
  }

  private static void plain(String name, Supplier<Object> command) {
    COMMANDS.put(name, whole -> new CommandLine(command.get()));
  }

  /**
   * Of a name that is not found, say, it would log a stack trace beside what the command says. Held
   * here, since a logger that nobody holds forgets its level; services set it anew.
   */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  public static void main(String[] arguments) {
    GRPC.setLevel(Level.OFF);
    System.exit(commands(arguments).execute(SqlCommand.commentsAsText(arguments)));
  }

  private static CommandLine wal() {
    return new CommandLine(new WalCommand()).addSubcommand(SettingsFlags.on(new UnparkCommand()));
  }

  /**
   * As far as these arguments need them: the one that they name, or all; the list of all, if they
   * begin with none.
   */
  static CommandLine commands(String... arguments) {
    CommandLine sluice = new CommandLine(new Main());
    boolean whole = arguments.length == 0;
    Made named = whole ? null : COMMANDS.get(arguments[0]);
    if (named == null) {
      COMMANDS.forEach(
          (name, command) -> sluice.addSubcommand(name, Examples.in(name, command.make(whole))));
    } else {
      sluice.addSubcommand(arguments[0], Examples.in(arguments[0], named.make(true)));
    }
    return sluice
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(new CommandErrors());
  }
}
