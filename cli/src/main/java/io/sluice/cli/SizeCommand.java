package io.sluice.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.schema.service.Durations;
import io.sluice.schema.service.Launch;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice size}: cores, memory and disks for a load. */
@Command(
    name = "size",
    description = {
      "Computes what a load needs, from figures that were measured (docs/operations.md, Sizing).",
      "Exit codes: 0 done, 2 it was asked for wrongly."
    },
    mixinStandardHelpOptions = true)
final class SizeCommand implements Callable<Integer> {

  private static final JsonFactory JSON = new JsonFactory();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--spans-per-second",
      required = true,
      paramLabel = "N",
      description = "at the peak; log records and points weigh about as much")
  private long spansPerSecond;

  @Option(
      names = "--bytes-per-span",
      paramLabel = "N",
      description = "of OTLP, not compressed; default: ${DEFAULT-VALUE}")
  private int bytesPerSpan = Sizing.MEASURED_BYTES;

  @Option(
      names = "--retention",
      paramLabel = "TIME",
      description = "how long files are kept; default: ${DEFAULT-VALUE}")
  private String retention = "30d";

  @Option(
      names = "--copies",
      paramLabel = "N",
      description = "of each log: 1 or 3; default: ${DEFAULT-VALUE}")
  private int copies = 3;

  @Option(names = "--json", description = "as one JSON object")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Sizing sizing = sizing();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      json(out, sizing);
    } else {
      text(out, sizing);
    }
    out.flush();
    return Launch.OK;
  }

  private Sizing sizing() {
    try {
      Duration kept = Durations.parse(retention);
      return new Sizing(spansPerSecond, bytesPerSpan, kept, copies);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static void text(PrintWriter out, Sizing sizing) {
    out.printf(
        Locale.ROOT,
        "OTLP             %,.1f MB/s%n"
            + "Acceptors        %s in all, at %.0f %% of them%n"
            + "Writers          %s in all, at %.0f %% of them%n"
            + "memory.max-bytes %s in all, %d s of the peak in each copy%n"
            + "logs             %s in all, %,.1f MB/s written; the store may be away for %d minutes%n"
            + "files            %,.0f GiB, if the peak lasts for %d days%n",
        sizing.megabytesPerSecond(),
        cores(sizing.acceptorCores()),
        Sizing.USED * 100,
        cores(sizing.writerCores()),
        Sizing.USED * 100,
        size(sizing.memoryMib()),
        Sizing.MEMORY_SECONDS,
        size(sizing.logMib()),
        sizing.logMegabytesPerSecond(),
        sizing.outage().toMinutes(),
        sizing.fileGib(),
        sizing.retention().toDays());
  }

  /** With one digit, upwards: no core less than it takes. */
  static String cores(double cores) {
    return String.format(Locale.ROOT, "%.1f cores", Math.ceil(cores * 10) / 10);
  }

  static String size(long mib) {
    return mib < 10_240
        ? String.format(Locale.ROOT, "%,d MiB", mib)
        : String.format(Locale.ROOT, "%,d GiB", (mib + 1023) / 1024);
  }

  private static void json(PrintWriter out, Sizing sizing) throws IOException {
    JsonGenerator json = JSON.createGenerator(out);
    json.writeStartObject();
    json.writeNumberField("v", 1);
    json.writeNumberField("spansPerSecond", sizing.spansPerSecond());
    json.writeNumberField("bytesPerSpan", sizing.bytesPerSpan());
    json.writeNumberField("retentionDays", sizing.retention().toDays());
    json.writeNumberField("copies", sizing.copies());
    json.writeNumberField("acceptorCores", sizing.acceptorCores());
    json.writeNumberField("writerCores", sizing.writerCores());
    json.writeNumberField("memoryMib", sizing.memoryMib());
    json.writeNumberField("logMib", sizing.logMib());
    json.writeNumberField("logMegabytesPerSecond", sizing.logMegabytesPerSecond());
    json.writeNumberField("outageSeconds", sizing.outage().toSeconds());
    json.writeNumberField("fileGib", sizing.fileGib());
    json.writeEndObject();
    json.flush();
    out.println();
  }
}
