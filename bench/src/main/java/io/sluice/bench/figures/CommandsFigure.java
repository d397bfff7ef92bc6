package io.sluice.bench.figures;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import io.sluice.bench.harness.SluiceBox;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How long a user waits: {@code up} until it is ready, and whole commands, as the launcher starts
 * them; in turn with the same without its archive of classes. Tables have hot and persisted rows.
 */
final class CommandsFigure implements Figure {

  private static final double MOST_UP = 3;
  private static final double MOST_SQL = 1.5;
  private static final double MOST_SHORT = 0.5;
  private static final int NEWER = 24;
  private static final int STOP_SECONDS = 60;
  private static final double SECOND = 1e9;

  @Override
  public String name() {
    return "commands";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    Launcher launcher = Launcher.ofThis();
    List<String> flags;
    try (SluiceBox box = new SluiceBox(directory, List.of())) { // its ports; it is never started
      flags =
          List.of(
              "--data=" + box.data(),
              "--otlp.grpc.port=" + box.grpc().getPort(),
              "--otlp.http.port=" + box.http().getPort(),
              "--flight.port=" + box.flight().port(),
              "--acceptor.admin.port=" + box.acceptorStatus().getPort(),
              "--writer.admin.port=" + box.writerStatus().getPort());
    }
    Path log = directory.resolve("commands.log");
    try (Box box = Box.up(launcher.quick("up", flags), log)) {
      load(launcher, flags, log);
      run(launcher.quick("flush", flags), log);
    }
    Rounds ups = new Rounds();
    for (int i = 0; i < effort.rounds(); i++) {
      ups.add(up(launcher.quick("up", flags), log), up(launcher.slow("up", flags), log));
    }
    List<Ratio> ratios = new ArrayList<>(List.of(ratio("`up` until `ready`", ups, MOST_UP)));
    try (Box box = Box.up(launcher.quick("up", flags), log)) {
      load(launcher, flags, log);
      String sql = "SELECT service_name, count(*) FROM traces GROUP BY 1";
      Rounds sqls = new Rounds();
      Rounds statuses = new Rounds();
      Rounds helps = new Rounds();
      for (int i = 0; i < effort.rounds(); i++) {
        sqls.add(
            run(launcher.quick("sql", flags, sql), log),
            run(launcher.slow("sql", flags, sql), log));
        statuses.add(
            run(launcher.quick("status", flags), log), run(launcher.slow("status", flags), log));
        helps.add(
            run(launcher.quick("--help", List.of()), log),
            run(launcher.slow("--help", List.of()), log));
      }
      ratios.add(ratio("`sql`, one aggregate over hot and persisted rows", sqls, MOST_SQL));
      ratios.add(ratio("`status`", statuses, MOST_SHORT));
      ratios.add(ratio("`--help`", helps, MOST_SHORT));
    }
    return ratios;
  }

  private static Ratio ratio(String what, Rounds rounds, double most) {
    return Ratio.atMost(
        what + ", s",
        rounds.ours(),
        most,
        String.format(
            Locale.ROOT,
            "%.2f of the %.2f s without the archive of classes",
            rounds.ratio(),
            rounds.reference()));
  }

  private static void load(Launcher launcher, List<String> flags, Path log) throws Exception {
    run(
        launcher.quick(
            "load", flags, "--signal=all", "--requests=60", "--connections=2", "--batch=500"),
        log);
  }

  /** Seconds until it has ended, well. */
  private static double run(List<String> command, Path log) throws Exception {
    long began = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    int code = process.waitFor();
    double seconds = (System.nanoTime() - began) / SECOND;
    if (code != 0) {
      throw new IOException("%s ended with exit code %d%n%s".formatted(command, code, tail(log)));
    }
    return seconds;
  }

  private static double up(List<String> command, Path log) throws Exception {
    try (Box box = Box.up(command, log)) {
      return box.seconds;
    }
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /**
   * The launcher of this build, and what it does when it has no archive.
   *
   * @param home of the launcher
   * @param jar the class path
   */
  private record Launcher(Path home, Path jar) {

    static Launcher ofThis() throws IOException {
      Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
      Path home = jar.resolve("../../../..").normalize();
      if (!Files.isExecutable(home.resolve("sluice"))) {
        throw new IOException("cannot find the launcher: %s (use bench/run)".formatted(home));
      }
      return new Launcher(home, jar);
    }

    List<String> quick(String command, List<String> flags, String... more) {
      return with(List.of(home.resolve("sluice").toString()), command, flags, more);
    }

    List<String> slow(String command, List<String> flags, String... more) {
      Path jvm = home.resolve("cli/target/jvm");
      List<String> java = new ArrayList<>();
      java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      java.add("@" + jvm.resolve("common.args"));
      if (Runtime.version().feature() >= NEWER) {
        java.add("@" + jvm.resolve("newer.args"));
      }
      java.add("@" + jvm.resolve("command.args"));
      java.addAll(List.of("-Dsluice.jvm=" + jvm, "-cp", jar.toString(), "io.sluice.cli.Main"));
      return with(java, command, flags, more);
    }

    private static List<String> with(
        List<String> start, String command, List<String> flags, String... more) {
      List<String> all = new ArrayList<>(start);
      all.add(command);
      all.addAll(flags);
      all.addAll(List.of(more));
      return all;
    }
  }

  /**
   * {@code up} that is ready.
   *
   * @param seconds until it was
   */
  private record Box(Process process, BufferedReader said, Path log, double seconds)
      implements AutoCloseable {

    static Box up(List<String> command, Path log) throws IOException {
      long began = System.nanoTime();
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      BufferedReader said = process.inputReader();
      StringBuilder all = new StringBuilder();
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.equals("ready")) {
          return new Box(process, said, log, (System.nanoTime() - began) / SECOND);
        }
        all.append(line).append('\n');
      }
      throw new IOException("%s ended before it was ready%n%s".formatted(command, all));
    }

    @Override
    public void close() throws IOException, InterruptedException {
      process.toHandle().destroy(); // Process.destroy() closes what is yet to be read
      Files.writeString(log, String.join("\n", said.lines().toList()) + "\n", CREATE, APPEND);
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("`up` did not stop in %d s".formatted(STOP_SECONDS));
      }
    }
  }
}
