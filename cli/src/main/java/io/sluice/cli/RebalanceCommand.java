package io.sluice.cli;

import io.sluice.cli.rebalance.Rebalance;
import io.sluice.cli.rebalance.RebalanceException;
import io.sluice.query.ReadException;
import io.sluice.query.ReadSettings;
import io.sluice.query.Writers;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Durations;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Launch;
import io.sluice.schema.service.Settings;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice rebalance}: logs come to the Writers on which they are placed. */
@Command(
    name = "rebalance",
    description = {
      "Moves logs, and leads, to where they are placed, such as when a Writer was added. Writers take what",
      "is sent meanwhile. It can be stopped, and run again, at any time.",
      "Without --yes it says what it would do.",
      "Exit codes: 0 done, or nothing to do, 1 it could not be done: it says what and why."
    },
    mixinStandardHelpOptions = true)
final class RebalanceCommand implements Callable<Integer> {

  /** After a restart of all, or on machines that are busy, leaders take a while to answer. */
  private static final Duration LOOK = Duration.ofSeconds(30);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--yes", description = "do it")
  private boolean yes;

  @Option(
      names = "--without",
      paramLabel = "WRITER",
      split = ",",
      description = "Writers that are to have nothing, by name, such as writer-3")
  private List<String> without = List.of();

  @Option(
      names = "--patience",
      paramLabel = "TIME",
      description = "how long one step may take; default: ${DEFAULT-VALUE}")
  private String patience = "10m";

  @Override
  public Integer call() throws InvalidSettingsException, InterruptedException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    Set<Integer> places = new LinkedHashSet<>();
    for (String name : without) {
      int place = place(name, common.writers().size());
      settings.require(
          place >= 0,
          "cannot rebalance without '%s' (Writers are writer-0 to writer-%d)"
              .formatted(name, common.writers().size() - 1));
      places.add(place);
    }
    Duration most = Duration.ZERO;
    try {
      most = Durations.parse(patience);
    } catch (IllegalArgumentException e) {
      settings.require(false, String.valueOf(e.getMessage()));
    }
    ReadSettings reading = ReadSettings.from(settings);
    Reach reach = Reach.from(settings);
    settings.check();
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(common.writers(), reach.writers(), allocator)) {
      new Rebalance(
              writers,
              common.zones(),
              places,
              LOOK.compareTo(reading.leaderWait()) > 0 ? LOOK : reading.leaderWait(),
              most,
              System::nanoTime,
              time -> Thread.sleep(time.toMillis()),
              spec.commandLine().getOut())
          .run(yes);
      return Launch.OK;
    } catch (RebalanceException | ReadException e) {
      spec.commandLine().getErr().println("sluice rebalance: " + e.getMessage());
      return Launch.FAILED;
    }
  }

  /** -1: it is none of so many. */
  private static int place(String name, int count) {
    String digits = name.substring(name.lastIndexOf('-') + 1);
    int place = digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : -1;
    return place < count ? place : -1;
  }
}
