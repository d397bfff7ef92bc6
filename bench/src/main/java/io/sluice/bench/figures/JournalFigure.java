package io.sluice.bench.figures;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The log against BookKeeper's journal, which runs in a JVM with a class path of its own
 * (bench/peers) and is asked for a round at a time.
 */
final class JournalFigure implements Figure {

  private static final String PEERS = "sluice.peers";
  private static final String ANSWER = "bytes/s ";
  private static final int RECORD_BYTES = 16 << 10;
  private static final int OUTSTANDING = 64;

  @Override
  public String name() {
    return "bookkeeper";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    Path peers = Path.of(System.getProperty(PEERS, "bench/peers/target/lib"));
    if (!Files.isDirectory(peers)) {
      throw new IOException(
          "cannot find %s (mvn -f bench/peers/pom.xml package, or -D%s=)".formatted(peers, PEERS));
    }
    Process journal = start(peers, Files.createDirectory(directory.resolve("journal")));
    try (LogLoad log = new LogLoad(directory.resolve("log"), RECORD_BYTES, OUTSTANDING);
        Writer ask = journal.outputWriter(StandardCharsets.UTF_8);
        BufferedReader answers =
            new BufferedReader(
                new InputStreamReader(journal.getInputStream(), StandardCharsets.UTF_8))) {
      log.bytesPerSecond(effort.warmupSeconds());
      round(ask, answers, effort.warmupSeconds());
      Rounds rounds = new Rounds();
      for (int i = 0; i < effort.rounds(); i++) {
        rounds.add(log.bytesPerSecond(effort.seconds()), round(ask, answers, effort.seconds()));
      }
      return List.of(
          Ratio.atLeast(
              "WAL / BookKeeper 4.17 journal, 16 KiB x 64",
              rounds.ratio(),
              1,
              String.format(
                  Locale.ROOT, "%.0f / %.0f MB/s", rounds.ours() / 1e6, rounds.reference() / 1e6)));
    } finally {
      journal.destroyForcibly().waitFor();
    }
  }

  private static Process start(Path peers, Path directory) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms1g",
            "-Xmx2g",
            "-cp",
            peers + "/*",
            "io.sluice.peers.JournalRun",
            directory.toString(),
            Integer.toString(RECORD_BYTES),
            Integer.toString(OUTSTANDING))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static double round(Writer ask, BufferedReader answers, double seconds)
      throws IOException {
    ask.write(seconds + "\n");
    ask.flush();
    for (@Nullable String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(ANSWER)) {
        return Double.parseDouble(line.substring(ANSWER.length()));
      }
    }
    throw new IOException("cannot measure: the journal's process has ended");
  }
}
