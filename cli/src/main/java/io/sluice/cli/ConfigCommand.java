package io.sluice.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.acceptor.AcceptorSettings;
import io.sluice.query.ReadSettings;
import io.sluice.schema.security.AccessSettings;
import io.sluice.schema.security.TlsSettings;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.KnownSettings;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.LogSettings;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.Settings.Effective;
import io.sluice.schema.service.Settings.Source;
import io.sluice.writer.WriterSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice config}: the settings that hold. */
@Command(
    name = "config",
    description = {
      "Prints each setting as it holds here, and where its value is from: a flag, a variable, the",
      "settings file, or the default. Passwords, keys and tokens are not shown.",
      "Exit codes: 0 done, 2 settings are wrong: services would refuse them by the same words."
    },
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {

  private static final JsonFactory JSON = new JsonFactory();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--changed", description = "without those that are as they are by default")
  private boolean changed;

  @Option(names = "--json", description = "as one JSON object")
  private boolean json;

  @Override
  public Integer call() throws InvalidSettingsException, IOException {
    Settings settings = SettingsFlags.settings(spec);
    AccessSettings.from(settings, CommonSettings.from(settings).data());
    TlsSettings.from(settings);
    LogSettings.from(settings);
    AcceptorSettings.from(settings);
    WriterSettings.from(settings);
    ReadSettings.from(settings);
    settings.check();
    List<Effective> shown = shown(settings);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      json(out, shown);
    } else {
      text(out, shown);
    }
    out.flush();
    return Launch.OK;
  }

  /** In the order of docs/configuration.md. */
  private List<Effective> shown(Settings settings) {
    Map<String, Effective> byKey = new HashMap<>();
    settings.settings().forEach(setting -> byKey.put(setting.key(), setting));
    List<Effective> shown = new ArrayList<>();
    for (String key : KnownSettings.keys()) {
      Effective setting = byKey.get(key);
      if (setting != null && !(changed && setting.source() == Source.DEFAULT)) {
        shown.add(setting);
      }
    }
    return shown;
  }

  private static void text(PrintWriter out, List<Effective> settings) {
    if (settings.isEmpty()) {
      out.println("all settings are as they are by default");
    }
    int keys = settings.stream().mapToInt(s -> s.key().length()).max().orElse(0);
    for (Effective setting : settings) {
      String origin = setting.origin().isEmpty() ? "default" : setting.origin();
      out.printf("%-" + keys + "s = %s  (%s)%n", setting.key(), setting.value(), origin);
    }
  }

  private static void json(PrintWriter out, List<Effective> settings) throws IOException {
    JsonGenerator json = JSON.createGenerator(out);
    json.writeStartObject();
    json.writeNumberField("v", 1);
    json.writeArrayFieldStart("settings");
    for (Effective setting : settings) {
      json.writeStartObject();
      json.writeStringField("key", setting.key());
      json.writeStringField("value", setting.value());
      json.writeStringField("source", setting.source().name().toLowerCase(Locale.ROOT));
      json.writeStringField("origin", setting.origin());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.flush();
    out.println();
  }
}
