package io.sluice.bench.harness;

import io.sluice.bench.audit.Audit;
import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.load.LoadOptions;
import io.sluice.lake.LakeConfig;
import io.sluice.schema.table.Signal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Many rounds on one box, whose tables go on from round to round; at the end an audit of all.
 *
 * <pre>
 * KillRounds [--scenario kill-writer|kill-acceptor|queries] [--rounds 20] [--seconds 10] [--connections 8]
 *            [--rate 0] [--batch 512] [--signal traces|logs|metrics|profiles|all] [--http true]
 *            [--seed N] [--dir DIRECTORY] [--lake FILE]
 * </pre>
 *
 * With a settings file of empty tables elsewhere (S3 and PostgreSQL) they are there, and the
 * scenario is kill-persisting.
 *
 * <p>The directory is kept. Exit code 1 if anything was lost, duplicated, extra, refused or never
 * answered, if nothing was acked, if a service ended by itself or not with exit code 0, or if
 * something did not end in time; 2 if it is called wrongly.
 */
public final class KillRounds {

  private static final List<Scenario> SCENARIOS =
      List.of(KillService.writer(), KillService.acceptor(), new QueriesUnderLoad());
  private static final List<String> FLAGS =
      List.of(
          "scenario",
          "rounds",
          "seconds",
          "connections",
          "rate",
          "batch",
          "signal",
          "http",
          "seed",
          "dir",
          "lake");
  private static final Duration GRACE = Duration.ofMinutes(2);

  private final Map<String, String> flags;
  private final long seed;
  private final List<Path> audits = new ArrayList<>();

  private KillRounds(Map<String, String> flags) {
    this.flags = flags;
    this.seed = Long.parseLong(flags.getOrDefault("seed", Long.toString(System.nanoTime())));
  }

  public static void main(String[] arguments) {
    int code = 1;
    try {
      code = new KillRounds(flags(arguments)).run() ? 0 : 1;
    } catch (IllegalArgumentException e) {
      System.err.println("KillRounds: " + e.getMessage());
      code = 2;
    } catch (Exception | AssertionError e) {
      System.out.println("rounds ended early: " + e.getMessage());
      e.printStackTrace();
    }
    System.exit(code);
  }

  private static Map<String, String> flags(String[] arguments) {
    Map<String, String> flags = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i].replaceFirst("^--", "");
      if (!FLAGS.contains(name) || i + 1 == arguments.length) {
        throw new IllegalArgumentException(
            "cannot use %s (--NAME VALUE, names are %s)".formatted(arguments[i], FLAGS));
      }
      flags.put(name, arguments[i + 1]);
    }
    return flags;
  }

  private boolean run() throws Exception {
    Path directory =
        flags.containsKey("dir")
            ? Files.createDirectories(Path.of(text("dir", "")))
            : Files.createTempDirectory("sluice-rounds");
    System.out.printf(Locale.ROOT, "seed %d, directory %s%n", seed, directory);
    if (flags.containsKey("lake")) {
      LakeConfig lake = LakeFile.read(Path.of(text("lake", "")));
      try (KillPersisting scenario = KillPersisting.of(lake);
          SluiceBox box =
              new SluiceBox(directory, scenario.flags(), SluiceBox.Wiring.SHIPPED.on(lake))) {
        return run(scenario, box);
      }
    }
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      return run(scenario(text("scenario", "kill-writer")), box);
    }
  }

  private boolean run(Scenario scenario, SluiceBox box) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    boolean clean = true;
    box.start();
    for (int round = 1; round <= number("rounds", 20); round++) {
      clean &= round(new Round(box, scenario), box, round, random.split());
    }
    AuditResult all = Audit.run(audits, box.target());
    System.out.println("all rounds: " + all);
    box.stop();
    return clean && all.clean();
  }

  private boolean round(Round round, SluiceBox box, int number, SplittableRandom random)
      throws Exception {
    LoadOptions options = options(box, number, random.nextLong());
    Round.Outcome outcome = round.run(options, random);
    audits.add(box.directory().resolve("round-" + number + ".acks"));
    System.out.printf(
        Locale.ROOT,
        "round %d: %s; %,.0f records/s, %d retries, %d unknown, %d refused; %s; %d compared by content%n",
        number,
        outcome.told(),
        outcome.load().recordsPerSecond(),
        outcome.load().retries(),
        outcome.load().unknown(),
        outcome.load().refused(),
        outcome.audit(),
        outcome.audit().compared());
    outcome.faults().forEach(fault -> System.out.println("  " + fault));
    return outcome.faults().isEmpty();
  }

  private LoadOptions options(SluiceBox box, int number, long run) {
    boolean http = Boolean.parseBoolean(text("http", "false"));
    URI endpoint = http ? box.http() : box.grpc();
    return new LoadOptions(
        signals(text("signal", "all")),
        number("rate", 0),
        Duration.ofSeconds(number("seconds", 10)),
        Long.MAX_VALUE,
        number("connections", 8),
        http,
        endpoint,
        run,
        seed,
        number("batch", 512),
        box.directory().resolve("round-" + number + ".acks"),
        false,
        Duration.ofSeconds(10),
        GRACE);
  }

  private static Scenario scenario(String name) {
    return SCENARIOS.stream()
        .filter(scenario -> scenario.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("cannot find scenario: " + name));
  }

  private static Set<Signal> signals(String name) {
    return name.equals("all")
        ? Signal.stable()
        : EnumSet.copyOf(
            Arrays.stream(name.split(","))
                .map(part -> Signal.valueOf(part.toUpperCase(Locale.ROOT)))
                .toList());
  }

  private int number(String flag, int fallback) {
    return Integer.parseInt(text(flag, Integer.toString(fallback)));
  }

  private String text(String flag, String fallback) {
    return flags.getOrDefault(flag, fallback);
  }
}
