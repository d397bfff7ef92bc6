package io.sluice.cli;

import io.sluice.s3server.FreePorts;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command as a process of its own, started as the launcher starts it. */
final class SluiceProcess {

  /** What a command printed, line by line, and its exit code. */
  record Ended(int code, List<String> out, List<String> errors) {}

  /** As the launcher and {@code up} start it once there is an archive, of {@link LaidOut}. */
  static List<String> words(String command, List<String> arguments) throws Exception {
    LaidOut laidOut = LaidOut.here();
    List<String> more =
        new ArrayList<>(
            List.of("-D" + ServiceJvm.FLAG_FILES + "=" + Path.of("src/main/jvm").toAbsolutePath()));
    Path archive = laidOut.archive();
    if (archive != null) {
      more.addAll(archived(archive));
      more.add("-D" + ServiceJvm.ARCHIVE + "=" + archive);
    }
    List<String> words = java("command", more, laidOut.classPath(), Main.class);
    words.add(command);
    words.addAll(arguments);
    return words;
  }

  /**
   * A JVM with the flags of a kind.
   *
   * @param more flags
   */
  static List<String> java(String kind, List<String> more, String classPath, Class<?> main) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@src/main/jvm/common.args",
                "@src/main/jvm/" + kind + ".args"));
    if (Runtime.version().feature() >= 24) {
      words.add("@src/main/jvm/newer.args");
    }
    words.addAll(more);
    words.addAll(List.of("-cp", classPath, main.getName()));
    return words;
  }

  /** Flags that map the archive. */
  static List<String> archived(Path archive) {
    return List.of("@src/main/jvm/archive.args", "-XX:SharedArchiveFile=" + archive);
  }

  static Ended run(String command, List<String> arguments) throws Exception {
    return run(words(command, arguments), "");
  }

  /** Runs any program, with a standard input. */
  static Ended run(List<String> words, String input) throws Exception {
    Path errors = Files.createTempFile("sluice", ".err");
    Path in = Files.writeString(Files.createTempFile("sluice", ".in"), input);
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectInput(in.toFile())
              .redirectError(errors.toFile())
              .start();
      List<String> out = process.inputReader(StandardCharsets.UTF_8).lines().toList();
      return new Ended(process.waitFor(), out, Files.readAllLines(errors));
    } finally {
      Files.delete(errors);
      Files.delete(in);
    }
  }

  /** Flags for ports that were free a moment ago. */
  static List<String> freePorts() throws IOException {
    return freePorts(1);
  }

  /** Those of several Writers were, too. */
  static List<String> freePorts(int writers) throws IOException {
    List<String> flags = new ArrayList<>();
    for (String key : List.of("otlp.grpc.port", "otlp.http.port", "acceptor.admin.port")) {
      flags.add("--%s=%d".formatted(key, FreePorts.one()));
    }
    for (String key : List.of("flight.port", "writer.admin.port", "raft.port")) {
      flags.add("--%s=%d".formatted(key, FreePorts.run(writers, CountedWriters.PORTS_APART)));
    }
    return flags;
  }

  /** A name with all that goes wrong in names, as far as this machine's file names have it. */
  static String oddName() {
    Charset names = Charset.forName(System.getProperty("sun.jnu.encoding"));
    return names.newEncoder().canEncode('\u00fc') ? "a b \u00fc%20" : "a b %20";
  }

  private SluiceProcess() {}
}
