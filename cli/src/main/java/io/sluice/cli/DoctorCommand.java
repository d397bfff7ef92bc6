package io.sluice.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.acceptor.AcceptorSettings;
import io.sluice.cli.doctor.Doctor;
import io.sluice.cli.doctor.Finding;
import io.sluice.cli.doctor.Finding.Level;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import io.sluice.writer.WriterSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice doctor}: whether this machine is fit for it. */
@Command(
    name = "doctor",
    description = {
      "Looks at disk, memory, limits, clock, ports, warehouse and catalog as the settings name them,",
      "says what is wrong and what to change. It may run beside the services, takes a few seconds,",
      "and changes nothing: what it writes to try something it deletes again.",
      "Exit codes: 0 nothing fails, 1 something does, 2 settings are wrong."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

  private static final JsonFactory JSON = new JsonFactory();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "as one JSON object")
  private boolean json;

  @Override
  public Integer call() throws InvalidSettingsException, IOException, InterruptedException {
    Settings settings = SettingsFlags.settings(spec);
    AcceptorSettings acceptor = AcceptorSettings.from(settings);
    WriterSettings writer = WriterSettings.from(settings);
    settings.check();
    boolean running = new WriterDisk(writer).inUse().isPresent();
    List<Finding> findings = new Doctor(writer, acceptor, running).run();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      json(out, findings);
    } else {
      text(out, findings);
    }
    out.flush();
    return findings.stream().anyMatch(f -> f.level() == Level.FAIL) ? Launch.FAILED : Launch.OK;
  }

  private static void text(PrintWriter out, List<Finding> findings) {
    int width = findings.stream().mapToInt(f -> f.check().length()).max().orElse(1);
    for (Finding finding : findings) {
      out.printf(
          "%-4s  %-" + width + "s  %s%n",
          finding.level().name().toLowerCase(Locale.ROOT),
          finding.check(),
          finding.says());
    }
  }

  private static void json(PrintWriter out, List<Finding> findings) throws IOException {
    JsonGenerator json = JSON.createGenerator(out);
    json.writeStartObject();
    json.writeNumberField("v", 1);
    json.writeArrayFieldStart("checks");
    for (Finding finding : findings) {
      json.writeStartObject();
      json.writeStringField("check", finding.check());
      json.writeStringField("level", finding.level().name().toLowerCase(Locale.ROOT));
      json.writeStringField("says", finding.says());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.flush();
    out.println();
  }
}
