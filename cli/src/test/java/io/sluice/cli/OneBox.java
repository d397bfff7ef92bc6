package io.sluice.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code sluice up} as a user runs it, with its real services, and commands beside it. */
final class OneBox implements AutoCloseable {

  private final List<String> settings;
  private final int grpcPort;
  private final int httpPort;
  private final Process up;
  private final BufferedReader lines;
  private final List<String> said = new ArrayList<>();

  private OneBox(List<String> settings, int grpcPort, int httpPort) throws IOException {
    this.settings = settings;
    this.grpcPort = grpcPort;
    this.httpPort = httpPort;
    this.up = sluice("up").redirectErrorStream(true).start();
    this.lines = up.inputReader(StandardCharsets.UTF_8);
  }

  /** Returns once it has said {@code ready}. */
  static OneBox start(Path data) throws IOException {
    List<Integer> ports = freePorts();
    OneBox box =
        new OneBox(
            List.of(
                "--data=" + data,
                "--otlp.grpc.port=" + ports.get(0),
                "--otlp.http.port=" + ports.get(1),
                "--flight.port=" + ports.get(2),
                "--acceptor.admin.port=" + ports.get(3),
                "--writer.admin.port=" + ports.get(4)),
            ports.get(0),
            ports.get(1));
    for (String line = box.lines.readLine(); line != null; line = box.lines.readLine()) {
      box.said.add(line);
      if (line.equals("ready")) {
        return box;
      }
    }
    throw new AssertionError("it ended before it was ready: " + box.said);
  }

  String grpc() {
    return "http://127.0.0.1:" + grpcPort;
  }

  String http(String path) {
    return "http://localhost:" + httpPort + path;
  }

  /** The lines that the command prints on standard output. */
  List<String> run(String command, String... arguments) throws Exception {
    Process process =
        sluice(command, arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> printed = process.inputReader(StandardCharsets.UTF_8).lines().toList();
    int code = process.waitFor();
    if (code != 0) {
      throw new AssertionError(command + " ended with exit code " + code + ": " + printed);
    }
    return printed;
  }

  /** Rows as CSV, without the header. */
  List<String> sql(String statement) throws Exception {
    List<String> csv = run("sql", "--format=csv", statement);
    return csv.subList(1, csv.size());
  }

  /** SIGTERM; the exit code once all has ended. */
  int stop() throws Exception {
    RunningUp.signal("TERM", up.pid());
    lines.lines().forEach(said::add);
    return up.waitFor();
  }

  /** What {@code up} printed, the services' warnings and errors included. */
  List<String> said() {
    return said;
  }

  private ProcessBuilder sluice(String command, String... arguments) {
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
    words.addAll(settings);
    words.addAll(List.of(arguments));
    return new ProcessBuilder(words);
  }

  @Override
  public void close() {
    up.descendants().forEach(ProcessHandle::destroyForcibly);
    up.destroyForcibly();
  }

  private static List<Integer> freePorts() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        held.add(new ServerSocket(0));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }
}
