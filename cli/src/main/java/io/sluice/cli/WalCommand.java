package io.sluice.cli;

import io.sluice.schema.service.Launch;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.wal.WalDump;
import io.sluice.wal.WalVerify;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice wal}: looks into a log's directory, changes nothing. */
@Command(
    name = "wal",
    description = "Looks into the log of a Writer: DATA/writer/log-0.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class WalCommand {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "dump",
      description = "Prints a line for each record.",
      mixinStandardHelpOptions = true)
  int dump(@Parameters(paramLabel = "DIR", description = "the log's directory") Path directory)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    WalDump.dump(directory, WalCommand::stream, out::println);
    out.flush();
    return Launch.OK;
  }

  @Command(
      name = "verify",
      description = {
        "Checks every byte that the log promises.",
        "Exit codes: 0 sound (a torn tail is), 1 corrupt."
      },
      mixinStandardHelpOptions = true)
  int verify(@Parameters(paramLabel = "DIR", description = "the log's directory") Path directory)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    WalVerify.Report report = WalVerify.verify(directory);
    report
        .findings()
        .forEach(
            f ->
                out.printf(
                    "%s: %s%n",
                    f.kind() == WalVerify.Kind.CORRUPT ? "corrupt" : "torn tail", f.what()));
    out.printf(
        "%s: %d segments, %d records, %d bytes%n",
        report.isSound() ? "sound" : "corrupt",
        report.segments(),
        report.records(),
        report.bytes());
    out.flush();
    return report.isSound() ? Launch.OK : Launch.FAILED;
  }

  /** A stream's first message names log, tenant and table. */
  private static String stream(byte[] message) {
    try {
      return String.valueOf(FlightFrame.parse(ByteBuffer.wrap(message)).path());
    } catch (MalformedMessageException e) {
      return "(" + e.getMessage() + ")";
    }
  }
}
