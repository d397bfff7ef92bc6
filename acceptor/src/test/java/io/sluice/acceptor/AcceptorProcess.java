package io.sluice.acceptor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Acceptor as a process, on ports of its own; its Writer is away. */
final class AcceptorProcess implements AutoCloseable {

  /** What the command gives it. */
  static final List<String> ITS_MEMORY = arguments("acceptor.args");

  private static final Pattern PORTS =
      Pattern.compile("OTLP/gRPC on port (\\d+), OTLP/HTTP on (\\d+), admin on (\\d+)");

  private final Process process;
  private final BufferedReader said;
  private final List<String> saidBefore = new ArrayList<>();
  private String http = "";

  private AcceptorProcess(Process process) {
    this.process = process;
    this.said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts it and waits until it is ready. */
  static AcceptorProcess start(Path directory, List<String> arguments, String... flags)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--add-opens=java.base/java.nio=ALL-UNNAMED", "-XX:+ExitOnOutOfMemoryError"));
    command.add("-Darrow.allocation.manager.type=Unsafe");
    command.add("-Dlogback.configurationFile=logback.xml"); // says the ports, as the command does
    command.addAll(arguments);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(
        List.of(
            "--bind-address=127.0.0.1",
            "--otlp.grpc.port=0",
            "--otlp.http.port=0",
            "--acceptor.admin.port=0",
            "--writers=127.0.0.1:1"));
    command.addAll(List.of(flags));
    AcceptorProcess acceptor =
        new AcceptorProcess(
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start());
    acceptor.awaitReady();
    return acceptor;
  }

  private void awaitReady() throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      saidBefore.add(line);
      Matcher ports = PORTS.matcher(line);
      if (ports.find()) {
        http = "http://127.0.0.1:" + ports.group(2);
      }
      if (line.startsWith("ready")) {
        Thread rest = new Thread(() -> said.lines().forEach(ignored -> {}));
        rest.setDaemon(true);
        rest.start();
        return;
      }
    }
    throw new IOException("the Acceptor ended before it was ready");
  }

  /** Where OTLP/HTTP is, without a path. */
  String http() {
    return http;
  }

  /** What it has said before it was ready. */
  List<String> saidBefore() {
    return saidBefore;
  }

  boolean alive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static List<String> arguments(String file) {
    try {
      return Files.readAllLines(Path.of("..", "cli", "src", "main", "jvm", file)).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot read the command's arguments", e);
    }
  }
}
