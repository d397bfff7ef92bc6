package io.sluice.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@link FakeUp} as a process of its own, and what it said so far. */
final class RunningUp implements AutoCloseable {

  private final Process process;
  private final BufferedReader lines;
  private final Path directory;
  private final List<String> said = new ArrayList<>();

  private RunningUp(Process process, Path directory) {
    this.process = process;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
    this.directory = directory;
  }

  static RunningUp start(Path directory, String... mode) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FakeUp.class.getName(),
                directory.toString(),
                freePort(),
                freePort()));
    command.addAll(List.of(mode));
    return new RunningUp(new ProcessBuilder(command).redirectErrorStream(true).start(), directory);
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

  /** Everything it said, and its exit code, once it has ended. */
  int awaitEnd() throws Exception {
    lines.lines().forEach(said::add);
    return process.waitFor();
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
   * What Ctrl-C sends; SIGTERM where this process was started with SIGINT ignored, as by a shell in
   * the background: its children ignore it then, too, and nothing can change that.
   */
  static String interrupt() throws Exception {
    Process probe = new ProcessBuilder("/bin/sh", "-c", "kill -INT $$; echo ignored").start();
    return probe.getInputStream().readAllBytes().length > 0 ? "TERM" : "INT";
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

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    }
  }
}
