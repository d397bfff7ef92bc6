package io.sluice.cli;

import io.sluice.schema.service.Launch;
import io.sluice.wal.LogInUseException;
import io.sluice.wal.WalDump;
import io.sluice.wal.WalRepair;
import io.sluice.wal.WalVerify;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sluice wal}: looks into a log's directory; only repair changes it; unpark asks a Writer.
 */
@Command(
    name = "wal",
    description = {
      "Looks into the log of a Writer, or repairs it: DATA/writer/log-0. Or unparks a table.",
      "copy copies it while it is written. dump and verify look into replicas of logs, too: DATA/writer/raft, or one of its directories.",
      "Exit codes: those of its commands."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class WalCommand {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "dump",
      description = {
        "Prints a line for each record.",
        "Stops in a segment where it is damaged, and says so: verify names all of it.",
        "Exit codes: 0 printed, 1 no log's directory, or it cannot be read."
      },
      mixinStandardHelpOptions = true)
  int dump(@Parameters(paramLabel = "DIR", description = "the log's directory") Path directory)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    ReplicaFiles replicas = ReplicaFiles.in(directory);
    if (replicas.isEmpty()) {
      WalDump.dump(directory, RecordText::stream, out::println);
    } else {
      replicas.dump(out);
    }
    out.flush();
    return Launch.OK;
  }

  @Command(
      name = "verify",
      description = {
        "Checks every byte that the log promises, and names all that is damaged.",
        "Exit codes: 0 sound (a torn tail is), 1 corrupt, or no log's directory."
      },
      mixinStandardHelpOptions = true)
  int verify(@Parameters(paramLabel = "DIR", description = "the log's directory") Path directory)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    ReplicaFiles replicas = ReplicaFiles.in(directory);
    if (!replicas.isEmpty()) {
      return replicas.verify(out) ? Launch.OK : Launch.FAILED;
    }
    WalVerify.Report report = WalVerify.verify(directory);
    for (WalVerify.Finding finding : report.findings()) {
      boolean isCorrupt = finding.kind() == WalVerify.Kind.CORRUPT;
      out.println((isCorrupt ? "corrupt: " : "torn tail: ") + finding.what());
    }
    if (report.holder() != null) {
      out.printf(
          "%s has the log open: what is written meanwhile is not checked%n", report.holder());
    }
    out.printf(
        "%s: %d segments, %d records, %d bytes%s%n",
        report.isSound() ? "sound" : "corrupt",
        report.segments(),
        report.records(),
        report.bytes(),
        report.lost() == 0 ? "" : ", %d positions lost".formatted(report.lost()));
    if (!report.isSound()) {
      out.printf(
          "(run 'sluice wal repair %s' to see what can be kept; with --yes it sets the bad ranges aside)%n",
          directory);
    }
    out.flush();
    return report.isSound() ? Launch.OK : Launch.FAILED;
  }

  @Command(
      name = "copy",
      description = {
        "Copies a log, or all that a Writer has beside the tables (DATA/writer), while it runs: what was",
        "acked before is in the copy. Tables and catalog are copied with it under sluice hold, and all",
        "go back together, to the same path.",
        "Exit codes: 0 copied, 1 it cannot be read, is damaged, or is of replicas."
      },
      mixinStandardHelpOptions = true)
  int copy(
      @Parameters(paramLabel = "DIR", description = "the log's directory, or the Writer's")
          Path directory,
      @Parameters(paramLabel = "TO", description = "where to; made, must be empty") Path to)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (!ReplicaFiles.in(directory).isEmpty()) {
      throw new IOException("cannot copy %s: %s".formatted(directory, ReplicaFiles.INSTEAD));
    }
    WriterCopy.copy(directory, to, out::println);
    out.flush();
    return Launch.OK;
  }

  @Command(
      name = "repair",
      description = {
        "Makes a damaged log one that opens: copies each file that it changes to DIR/set-aside-TIME,",
        "keeps every record that can be read at its position, and says which are lost.",
        "Without --yes it says what it would do.",
        "Exit codes: 0 repaired, or nothing to repair, 1 damaged, 2 somebody has the log open."
      },
      mixinStandardHelpOptions = true)
  int repair(
      @Parameters(paramLabel = "DIR", description = "the log's directory") Path directory,
      @Option(names = "--yes", description = "do it") boolean yes)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (!ReplicaFiles.in(directory).isEmpty()) {
      throw new IOException("cannot repair %s: %s".formatted(directory, ReplicaFiles.INSTEAD));
    }
    WalRepair.Report report;
    try {
      report = WalRepair.repair(directory, yes, RecordText::damaged);
    } catch (LogInUseException e) {
      spec.commandLine().getErr().println("sluice wal repair: " + e.getMessage());
      return Launch.REFUSED_TO_START;
    }
    report.steps().forEach(out::println);
    report.lost().forEach(lost -> out.println(text(lost)));
    if (!report.lost().isEmpty()) {
      out.printf(
          "lost to the log: positions %s; rows at or below a table's persisted position"
              + " (see ./sluice status --json, persistedPosition) are in the table,"
              + " the others are lost for good%n",
          positions(report.lost()));
      out.println(
          "Repeats of these batches cannot be recognised unless the window's checkpoint knows their"
              + " ids.");
    }
    out.println(end(report));
    out.flush();
    return report.isNeeded() && report.setAside() == null ? Launch.FAILED : Launch.OK;
  }

  /** Ranges that follow each other are one. */
  private static String positions(List<WalRepair.Lost> lost) {
    List<String> ranges = new ArrayList<>();
    long first = lost.get(0).first();
    for (int i = 0; i < lost.size(); i++) {
      long last = lost.get(i).last();
      boolean goesOn = i + 1 < lost.size() && lost.get(i + 1).first() == last + 1;
      if (!goesOn) {
        ranges.add(first == last ? Long.toString(first) : first + " to " + last);
        first = i + 1 < lost.size() ? lost.get(i + 1).first() : first;
      }
    }
    return String.join(", ", ranges);
  }

  private static String text(WalRepair.Lost lost) {
    return "lost: positions %d to %d: %s at offset %d, %d bytes: expected %s, found %s%s"
        .formatted(
            lost.first(),
            lost.last(),
            lost.file(),
            lost.offset(),
            lost.bytes(),
            lost.expected(),
            lost.actual(),
            lost.content().isEmpty() ? "" : "; " + lost.content());
  }

  private static String end(WalRepair.Report report) {
    if (!report.isNeeded()) {
      return "sound: nothing to repair";
    }
    return report.setAside() == null
        ? "nothing was changed (run it again with --yes to do it)"
        : "repaired: the files as they were are in " + report.setAside();
  }
}
