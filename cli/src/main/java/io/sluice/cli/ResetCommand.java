package io.sluice.cli;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice reset}: deletes what a box has stored. */
@Command(
    name = "reset",
    description = {
      "Deletes all data of this box: the logs, the catalog, the warehouse, what the services said.",
      "Only what lies in the data directory under Sluice's own names; asks before. A catalog or",
      "warehouse that settings put elsewhere is left, and named.",
      "Exit codes: 0 deleted, or nothing was there, 1 not confirmed, 2 a Writer runs on it."
    },
    mixinStandardHelpOptions = true)
final class ResetCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Override
  public Integer call() throws InvalidSettingsException, IOException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    settings.check();
    PrintWriter out = spec.commandLine().getOut();
    if (!Files.isDirectory(common.data())) {
      out.println("nothing to delete in " + common.data());
      return Launch.OK;
    }
    try (Reset reset = Reset.of(common)) {
      return run(reset, common, out);
    }
  }

  private int run(Reset reset, CommonSettings common, PrintWriter out) throws IOException {
    List<Path> doomed = reset.doomed();
    if (doomed.isEmpty()) {
      out.println("nothing to delete in " + common.data());
    } else {
      out.println("this deletes, for good:");
      doomed.forEach(path -> out.println("  " + path));
    }
    reset.left().forEach(what -> out.println("left as it is, with its rows: " + what));
    out.flush();
    if (doomed.isEmpty()) {
      return Launch.OK;
    }
    if (!yes && !confirmed(out)) {
      out.println("nothing was deleted");
      return Launch.FAILED;
    }
    reset.delete();
    out.println("deleted");
    return Launch.OK;
  }

  private static boolean confirmed(PrintWriter out) throws IOException {
    out.print("type yes to go on: ");
    out.flush();
    StringBuilder answer = new StringBuilder();
    for (int c = System.in.read(); c >= 0 && c != '\n'; c = System.in.read()) {
      answer.append((char) c);
    }
    String said = answer.toString().strip().toLowerCase(Locale.ROOT);
    return said.equals("yes") || said.equals("y");
  }
}
