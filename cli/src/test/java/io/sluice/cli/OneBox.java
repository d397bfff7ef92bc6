package io.sluice.cli;

import io.sluice.cli.SluiceProcess.Ended;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code sluice up} as a user runs it, with its real services, and commands beside it. */
final class OneBox implements AutoCloseable {
  private static final int STARTS = 5;

  private final List<String> settings;
  private final Process up;
  private final BufferedReader lines;
  private final List<String> said = new ArrayList<>();

  private OneBox(List<String> settings) throws Exception {
    this.settings = settings;
    this.up =
        new ProcessBuilder(SluiceProcess.words("up", settings)).redirectErrorStream(true).start();
    this.lines = up.inputReader(StandardCharsets.UTF_8);
  }

  /** Returns once it has said {@code ready}; on other ports if somebody took one meanwhile. */
  static OneBox start(Path data, String... more) throws Exception {
    for (int attempt = 1; ; attempt++) {
      OneBox box = begin(SluiceProcess.freePorts(), data, more);
      if (box.getsReady()) {
        return box;
      }
      boolean portTaken = box.said.stream().anyMatch(line -> line.contains("the port is in use"));
      if (!portTaken || attempt == STARTS) {
        throw box.notReady();
      }
    }
  }

  /** The same on ports of one's choice. */
  static OneBox startOn(List<String> ports, Path data, String... more) throws Exception {
    OneBox box = begin(ports, data, more);
    if (!box.getsReady()) {
      throw box.notReady();
    }
    return box;
  }

  private static OneBox begin(List<String> ports, Path data, String... more) throws Exception {
    List<String> settings = new ArrayList<>(ports);
    settings.add("--data=" + data);
    settings.addAll(List.of(more));
    return new OneBox(settings);
  }

  private AssertionError notReady() {
    return new AssertionError("it ended before it was ready: " + said);
  }

  private boolean getsReady() throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      if (line.equals("ready")) {
        return true;
      }
    }
    return false;
  }

  String grpc() {
    return "http://127.0.0.1:" + port("otlp.grpc.port");
  }

  String http(String path) {
    return "http://localhost:" + port("otlp.http.port") + path;
  }

  /** Where the admin pages of a service are, without a slash at the end. */
  String admin(String key) {
    return "http://127.0.0.1:" + port(key);
  }

  /** Sends a small request of OTLP/JSON; the answer's code. */
  int post(String path, String json, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port("otlp.http.port") + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    HttpRequest built = (headers.length == 0 ? request : request.headers(headers)).build();
    return HttpClient.newHttpClient().send(built, BodyHandlers.discarding()).statusCode();
  }

  private String port(String key) {
    String flag = "--" + key + "=";
    return settings.stream()
        .filter(setting -> setting.startsWith(flag))
        .findFirst()
        .orElseThrow()
        .substring(flag.length());
  }

  /** As {@code up} was given them. */
  List<String> settings() {
    return settings;
  }

  /** A command for this box, which goes on; what it prints is thrown away. */
  Process begin(String command, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(arguments));
    return new ProcessBuilder(SluiceProcess.words(command, all))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** A command for this box. */
  Ended tried(String command, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(arguments));
    return SluiceProcess.run(command, all);
  }

  /** The lines that the command prints on standard output. */
  List<String> run(String command, String... arguments) throws Exception {
    Ended ended = tried(command, arguments);
    if (ended.code() != 0) {
      throw new AssertionError(command + " ended so: " + ended);
    }
    return ended.out();
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

  @Override
  public void close() {
    up.descendants().forEach(ProcessHandle::destroyForcibly);
    up.destroyForcibly();
  }
}
