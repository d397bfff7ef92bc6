package io.sluice.cli;

import io.sluice.schema.service.KnownSettings;
import io.sluice.schema.service.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Every setting as an option of a command: {@code --flight.port 9000} or {@code --flight-port}. */
final class SettingsFlags {

  private static final Set<String> IN_HELP =
      Set.of(
          "config",
          "data",
          "warehouse",
          "catalog.uri",
          "bind-address",
          "otlp.grpc.port",
          "otlp.http.port",
          "flight.port",
          "acceptor.admin.port",
          "writer.admin.port",
          "token",
          "writers",
          "replication-factor",
          "logs");

  /** The command with the options added. */
  static CommandLine on(Object command) {
    CommandLine line = new CommandLine(command);
    CommandSpec spec = line.getCommandSpec();
    // A switch needs no value, unless what follows it could be taken for one.
    String arity = spec.positionalParameters().isEmpty() ? "0..1" : "1";
    for (String key : KnownSettings.keys()) {
      if (spec.findOption("--" + key) == null) { // trace has --logs of its own
        spec.addOption(option(key, arity));
      }
    }
    spec.usageMessage()
        .abbreviateSynopsis(true)
        .footer(
            "",
            "Settings also come from SLUICE_* variables and sluice.yaml: docs/configuration.md.");
    return line;
  }

  /** The settings that were given to the command as options, as Settings reads them. */
  static List<String> given(CommandSpec spec) {
    List<String> flags = new ArrayList<>();
    for (String key : KnownSettings.keys()) {
      OptionSpec option = spec.findOption("--" + key);
      String value = option.userObject() == null ? option.getValue() : null; // else its own
      if (value != null) {
        flags.add(value.isEmpty() ? "--" + key : "--" + key + "=" + value);
      }
    }
    return flags;
  }

  /** The settings of a command that runs in this process. */
  static Settings settings(CommandSpec spec) {
    CountedWriters writers = counted(spec);
    return Settings.of(writers.flags(), System.getenv(), Path.of(""));
  }

  /** The settings that were given to the command, with addresses for a number of Writers. */
  static CountedWriters counted(CommandSpec spec) {
    return CountedWriters.of(given(spec), System.getenv(), Path.of(""));
  }

  private static OptionSpec option(String key, String arity) {
    String dashed = key.replace('.', '-');
    String[] names =
        dashed.equals(key) ? new String[] {"--" + key} : new String[] {"--" + key, "--" + dashed};
    return OptionSpec.builder(names)
        .arity(arity)
        .fallbackValue("")
        .type(String.class)
        .paramLabel("VALUE")
        .description("setting " + Settings.environmentName(key))
        .hidden(!IN_HELP.contains(key))
        .build();
  }

  private SettingsFlags() {}
}
