package io.sluice.cli;

import io.sluice.query.Hold;
import io.sluice.query.ReadException;
import io.sluice.query.Writers;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Durations;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice hold}: a command that copies, while what it copies stands still. */
@Command(
    name = "hold",
    description = {
      "Runs COMMAND, which makes a copy of tables, catalog and log, while no Writer commits to a table",
      "or releases anything of its log. Rows are taken, acked and read all the while. Before rows would",
      "have to be refused (the log, or memory, is nearly full) the hold is broken; so it is when a Writer",
      "is stopped, or when COMMAND takes longer than --for: the copy is then of no use.",
      "Exit codes: that of COMMAND, 75 the hold was broken: the copy is of no use, 125 COMMAND was not run,",
      "as Writers could not be held, 127 COMMAND cannot be started."
    },
    mixinStandardHelpOptions = true)
final class HoldCommand implements Callable<Integer> {

  /** As sysexits(3) has it: try again later. */
  static final int BROKEN = 75;

  /** As of env(1) and timeout(1). */
  static final int NOT_HELD = 125;

  static final int NOT_STARTED = 127;

  private static final Duration AT_STOP = Duration.ofSeconds(10);
  private static final Duration UNDER_WAY = Duration.ofMinutes(2);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "how long Writers are held at most; default: ${DEFAULT-VALUE}")
  private String longest = "10m";

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "with its arguments, behind --")
  private List<String> command = new ArrayList<>();

  @Override
  public Integer call() throws InvalidSettingsException, InterruptedException {
    Settings settings = SettingsFlags.settings(spec);
    CommonSettings common = CommonSettings.from(settings);
    Reach reach = Reach.from(settings);
    Duration atMost = longest(settings);
    settings.check();
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(common.writers(), reach.writers(), allocator);
        Hold hold =
            Hold.take(writers, atMost, UNDER_WAY, why -> say("the hold was broken: " + why))) {
      return run(hold);
    } catch (ReadException e) {
      say("%s (%s was not run)".formatted(e.getMessage(), command.get(0)));
      return NOT_HELD;
    }
  }

  private Duration longest(Settings settings) {
    try {
      Duration given = Durations.parse(longest);
      settings.require(
          !given.isNegative() && !given.isZero() && given.toDays() < 7,
          "cannot use --for: %s (more than nothing, and less than 7 days)".formatted(longest));
      return given;
    } catch (IllegalArgumentException e) {
      settings.require(false, "cannot use --for: " + e.getMessage());
      return Duration.ZERO;
    }
  }

  private int run(Hold hold) throws InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).inheritIO().start();
    } catch (IOException e) {
      say("cannot start %s: %s".formatted(command.get(0), e.getMessage()));
      return NOT_STARTED;
    }
    CountDownLatch ended = new CountDownLatch(1);
    Thread stop = new Thread(() -> stop(process, ended), "stop-command");
    Runtime.getRuntime().addShutdownHook(stop);
    int code = process.waitFor();
    Optional<String> broken = hold.end();
    ended.countDown();
    if (broken.isEmpty()) {
      return code;
    }
    say(
        "%s (%s ended with exit code %d; the copy is of no use: try at a quieter time, or with more memory and room for the log)"
            .formatted(broken.get(), command.get(0), code));
    return BROKEN;
  }

  /** Of a signal: else the command would go on while nobody holds what it copies. */
  private static void stop(Process process, CountDownLatch ended) {
    process.destroy();
    try {
      if (!ended.await(AT_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(String what) {
    PrintWriter errors = spec.commandLine().getErr();
    errors.println("sluice hold: " + what);
    errors.flush();
  }
}
