package io.sluice.cli;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice reset}: deletes what a box has stored. */
@Command(
    name = "reset",
    description = {
      "Deletes all data of this box: the log, the catalog, the warehouse, the service's logs.",
      "Only what lies in the data directory under Sluice's own names; asks before."
    },
    mixinStandardHelpOptions = true)
final class ResetCommand implements Callable<Integer> {

  private static final int CONNECT_MILLIS = 1_000;
  private static final List<String> OURS =
      List.of("writer", "catalog.db", "catalog.db-wal", "catalog.db-shm", "warehouse", "logs");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Override
  public Integer call() throws InvalidSettingsException, IOException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    settings.check();
    PrintWriter out = spec.commandLine().getOut();
    List<Path> doomed = OURS.stream().map(common.data()::resolve).filter(Files::exists).toList();
    if (doomed.isEmpty()) {
      out.println("nothing to delete in " + common.data());
      return Launch.OK;
    }
    requireStopped(common);
    out.println("this deletes, for good:");
    doomed.forEach(path -> out.println("  " + path));
    out.flush();
    if (!yes && !confirmed(out)) {
      out.println("nothing was deleted");
      return Launch.FAILED;
    }
    for (Path path : doomed) {
      delete(path);
    }
    out.println("deleted");
    return Launch.OK;
  }

  private static void requireStopped(CommonSettings common) throws InvalidSettingsException {
    InetSocketAddress flight =
        new InetSocketAddress(common.bindAddress().addresses().get(0), common.flightPort());
    try (Socket socket = new Socket()) {
      socket.connect(flight, CONNECT_MILLIS);
    } catch (IOException e) {
      return; // nobody is there, which is what is wanted
    }
    throw new InvalidSettingsException(
        List.of(
            "cannot reset: something listens on port %d (stop it first)"
                .formatted(common.flightPort())));
  }

  private static boolean confirmed(PrintWriter out) throws IOException {
    out.print("type yes to go on: ");
    out.flush();
    StringBuilder answer = new StringBuilder();
    for (int c = System.in.read(); c >= 0 && c != '\n'; c = System.in.read()) {
      answer.append((char) c);
    }
    return answer.toString().strip().equals("yes");
  }

  private static void delete(Path path) throws IOException {
    List<Path> inside;
    try (Stream<Path> walk = Files.walk(path)) {
      inside = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : inside) {
      Files.deleteIfExists(each);
    }
  }
}
