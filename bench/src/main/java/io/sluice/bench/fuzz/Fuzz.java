package io.sluice.bench.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Fuzzing by command.
 *
 * <pre>
 * Fuzz [--minutes 60] [--target decoder|json|http|grpc|put|all] [--seed N]
 *      [--dir DIRECTORY] [--box false]
 * Fuzz --target TARGET --replay FILE
 * </pre>
 *
 * Targets take turns. The edges are those of a box of two processes, unless there shall be none:
 * then of an Acceptor in this process. What is found is saved in the directory, with how to see it
 * again. Exit code 1 if anything was found, 2 if it is called wrongly.
 */
public final class Fuzz {

  private static final List<String> FLAGS =
      List.of("minutes", "target", "seed", "dir", "box", "replay");
  private static final Duration TURN = Duration.ofSeconds(15);

  private final Map<String, String> flags;

  private Fuzz(Map<String, String> flags) {
    this.flags = flags;
  }

  public static void main(String[] arguments) {
    int code = 1;
    try {
      code = new Fuzz(flags(arguments)).run() ? 0 : 1;
    } catch (IllegalArgumentException e) {
      System.err.println("fuzz: " + e.getMessage());
      code = 2;
    } catch (Exception e) {
      System.out.println("fuzz ended early: " + e.getMessage());
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
            ? Files.createDirectories(Path.of(flags.get("dir")))
            : Files.createTempDirectory("sluice-fuzz");
    boolean box = Boolean.parseBoolean(text("box", "true"));
    try (FuzzTargets targets =
        FuzzTargets.open(
            text("target", "all"), Corpus.load(), box ? directory.resolve("box") : null)) {
      if (flags.containsKey("replay")) {
        return replay(targets.all().get(0), Path.of(text("replay", "")));
      }
      long seed = Long.parseLong(text("seed", Long.toString(System.nanoTime())));
      System.out.printf(Locale.ROOT, "seed %d, directory %s%n", seed, directory);
      List<FuzzRun> runs = new ArrayList<>();
      for (FuzzTarget target : targets.all()) {
        runs.add(new FuzzRun(target, seed, directory.resolve("findings")));
      }
      takeTurns(runs, Duration.ofSeconds((long) (60 * Double.parseDouble(text("minutes", "60")))));
      System.out.println("all:");
      tell(runs);
      return runs.stream().allMatch(run -> run.found() == 0);
    }
  }

  private static boolean replay(FuzzTarget target, Path file) throws Exception {
    System.out.println(target.feed(Files.readAllBytes(file)));
    target.check();
    return true;
  }

  private static void takeTurns(List<FuzzRun> runs, Duration time)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    long end = start + time.toNanos();
    long told = start;
    for (int turn = 0; System.nanoTime() < end; turn++) {
      FuzzRun run = runs.get(turn % runs.size());
      long until = Math.min(end, System.nanoTime() + TURN.toNanos());
      while (System.nanoTime() < until) {
        run.next();
      }
      run.end();
      if (System.nanoTime() - told > Duration.ofMinutes(1).toNanos()) {
        told = System.nanoTime();
        System.out.printf(Locale.ROOT, "%d min:%n", Duration.ofNanos(told - start).toMinutes());
        tell(runs);
      }
    }
  }

  private static void tell(List<FuzzRun> runs) {
    runs.forEach(run -> System.out.println("  " + run));
  }

  private String text(String flag, String fallback) {
    return flags.getOrDefault(flag, fallback);
  }
}
