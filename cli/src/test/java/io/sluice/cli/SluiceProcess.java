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

  static List<String> words(String command, List<String> arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@src/main/jvm/common.args",
                "@src/main/jvm/command.args"));
    if (Runtime.version().feature() >= 24) {
      words.add("@src/main/jvm/newer.args");
    }
    words.addAll(
        List.of(
            "-D" + ServiceJvm.FLAG_FILES + "=" + Path.of("src/main/jvm").toAbsolutePath(),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName(),
            command));
    words.addAll(arguments);
    return words;
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
