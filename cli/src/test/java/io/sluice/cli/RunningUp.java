package io.sluice.cli;

import io.sluice.s3server.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@link FakeUp} as a process of its own, and what it said so far. */
final class RunningUp implements AutoCloseable {

  private static final List<String> ENV = List.of("env", "--default-signal=INT");

  private final Process process;
  private final BufferedReader lines;
  private final Path directory;
  private final List<String> ports;
  private final List<String> said = new ArrayList<>();

  private RunningUp(Process process, Path directory, List<String> ports) {
    this.process = process;
    this.ports = List.copyOf(ports);
    this.lines = process.inputReader(StandardCharsets.UTF_8);
    this.directory = directory;
  }

  static RunningUp start(Path directory) throws IOException {
    return start(directory, "", 1);
  }

  static RunningUp start(Path directory, String mode) throws IOException {
    return start(directory, mode, 1);
  }

  /** The mode is the first Writer's. */
  static RunningUp start(Path directory, String mode, int writers) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FakeUp.class.getName(),
                directory.toString(),
                mode));
    List<String> ports = new ArrayList<>();
    for (int i = 0; i <= writers; i++) {
      ports.add(Integer.toString(FreePorts.one()));
    }
    command.addAll(ports);
    return new RunningUp(
        new ProcessBuilder(heeding(command)).redirectErrorStream(true).start(), directory, ports);
  }

  /** Reads on until the line comes; fails if the process ends before. */
  void awaitLine(String wanted) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      if (line.equals(wanted)) {
        return;
      }
    }
    throw new AssertionError("it ended without the line '" + wanted + "': " + said);
  }

  /** Reads on until a line has the text, and returns it. */
  String awaitText(String wanted) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      if (line.contains(wanted)) {
        return line;
      }
    }
    throw new AssertionError("it ended without '" + wanted + "': " + said);
  }

  /** Everything it said, and its exit code, once it has ended. */
  int awaitEnd() throws Exception {
    lines.lines().forEach(said::add);
    return process.waitFor();
  }

  /** Starts one of several Writers once more, by another than {@code up}. */
  Process startAgain(String writer) throws IOException {
    return new ProcessBuilder(FakeUp.command(writer, port(writer), directory, "")).start();
  }

  /** Where it says that it serves. */
  URI readyz(String writer) {
    return URI.create("http://127.0.0.1:" + port(writer) + "/readyz");
  }

  private String port(String writer) {
    return ports.get(1 + Integer.parseInt(writer.substring(writer.indexOf('-') + 1)));
  }

  List<String> said() {
    return said;
  }

  List<String> events() throws IOException {
    return Files.readAllLines(directory.resolve("events"));
  }

  ProcessHandle child(String name) throws IOException {
    String prefix = name + " pid ";
    String pid = events().stream().filter(e -> e.startsWith(prefix)).findFirst().orElseThrow();
    return ProcessHandle.of(Long.parseLong(pid.substring(prefix.length()))).orElseThrow();
  }

  Process process() {
    return process;
  }

  /**
   * A command that heeds SIGINT. Where this process was started with it ignored, as by a shell in
   * the background, its children inherit that, and neither a shell nor a JVM can change it: GNU's
   * env can.
   */
  private static List<String> heeding(List<String> command) throws IOException {
    if (heeds(List.of()) || !heeds(ENV)) {
      return command;
    }
    List<String> heeding = new ArrayList<>(ENV);
    heeding.addAll(command);
    return heeding;
  }

  /** What Ctrl-C sends; SIGTERM where nothing can make a child heed it. */
  static String interrupt() throws IOException {
    return heeds(List.of()) || heeds(ENV) ? "INT" : "TERM";
  }

  private static boolean heeds(List<String> prefix) throws IOException {
    List<String> probe = new ArrayList<>(prefix);
    probe.addAll(List.of("/bin/sh", "-c", "echo asked; kill -INT $$; echo ignored"));
    Process process;
    try {
      process = new ProcessBuilder(probe).start();
    } catch (IOException e) {
      return false; // there is no env
    }
    byte[] printed = process.getInputStream().readAllBytes();
    return new String(printed, StandardCharsets.UTF_8).equals("asked\n");
  }

  static void signal(String signal, long pid) throws Exception {
    int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    if (code != 0) {
      throw new AssertionError("kill -" + signal + " " + pid + " failed");
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
