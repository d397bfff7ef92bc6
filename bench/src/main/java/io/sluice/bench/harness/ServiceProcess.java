package io.sluice.bench.harness;

import io.sluice.schema.service.Launch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One service as a JVM of its own, with this JVM's Java and class path. It ends when this JVM ends,
 * because its standard input does. One thread uses it.
 */
public final class ServiceProcess implements AutoCloseable {

  /** More JVM flags for each, apart by spaces. */
  private static final String MORE_FLAGS = "sluice.services.jvm";

  private static final int NEWER = 24;
  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration STOP = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int TAIL_LINES = 30;
  private static final int READY = 200;
  private static final String PORT_TAKEN = "cannot listen on";

  private final String name;
  private final List<String> command;
  private final Path output;
  private final URI ready;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Process process;
  private int linesBefore;

  /**
   * @param mainClass its main class
   * @param jvmFlags memory and collector
   * @param settings flags of the service
   * @param adminPort where /readyz is
   * @param output gets what it prints, appended
   */
  ServiceProcess(
      String mainClass, List<String> jvmFlags, List<String> settings, int adminPort, Path output) {
    this(
        mainClass.replaceAll(".*\\.(\\w+)\\.Main", "$1").toLowerCase(Locale.ROOT),
        mainClass,
        jvmFlags,
        settings,
        adminPort,
        output);
  }

  /** The same, one of several of its kind. */
  ServiceProcess(
      String name,
      String mainClass,
      List<String> jvmFlags,
      List<String> settings,
      int adminPort,
      Path output) {
    this.name = name;
    this.output = output;
    this.ready = URI.create("http://127.0.0.1:" + adminPort + "/readyz");
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    all.add("--enable-native-access=ALL-UNNAMED");
    all.add("-Dio.netty.tryReflectionSetAccessible=true");
    all.add("-XX:+ExitOnOutOfMemoryError");
    all.add("-Darrow.allocation.manager.type=Unsafe");
    if (Runtime.version().feature() >= NEWER) {
      all.add("--sun-misc-unsafe-memory-access=allow");
    }
    all.addAll(jvmFlags);
    all.addAll(
        Arrays.stream(System.getProperty(MORE_FLAGS, "").split(" "))
            .filter(flag -> !flag.isEmpty())
            .toList());
    all.add("-cp");
    all.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    all.add(mainClass);
    all.addAll(settings);
    all.add("--stop-on-stdin-close=true");
    this.command = List.copyOf(all);
  }

  /** Starts it; does not wait until it is ready. */
  public void start() throws IOException {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("cannot start " + name + ": it runs");
    }
    linesBefore = Files.exists(output) ? lines().size() : 0;
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start();
  }

  /**
   * Waits until it says that it is ready.
   *
   * @throws PortTakenException it ended, because somebody else had one of its ports
   * @throws IOException it ended, or did not get ready in time; with the end of what it printed
   */
  public void awaitReady() throws IOException, InterruptedException {
    if (!isReadyWithin(START)) {
      throw new IOException("%s is not ready after %s%n%s".formatted(name, START, tail()));
    }
  }

  /**
   * Waits until it says that it is ready, but not longer than that.
   *
   * @throws IOException as {@link #awaitReady}
   */
  public boolean isReadyWithin(Duration limit) throws IOException, InterruptedException {
    Deadline end = Deadline.in(limit, Duration.ZERO);
    while (answer() != READY) {
      requireRunning();
      if (end.hasPassed()) {
        return false;
      }
      Thread.sleep(POLL.toMillis());
    }
    return true;
  }

  /** Whether it says so now. */
  public boolean isReadyNow() throws InterruptedException {
    return answer() == READY;
  }

  /** Waits until it answers at all: then it opens its parts, and replays. */
  public void awaitAnswering() throws IOException, InterruptedException {
    Deadline end = Deadline.in(START, Duration.ZERO);
    while (answer() == 0) {
      requireRunning();
      end.check(name + " on its admin port");
      Thread.sleep(POLL.toMillis());
    }
  }

  /**
   * Starts it and waits until it is ready, on the ports that its clients know: whoever took one
   * while it was away is waited for.
   */
  public void startAgain() throws IOException, InterruptedException {
    Deadline end = Deadline.in(START, Duration.ZERO);
    while (true) {
      start();
      try {
        awaitReady();
        return;
      } catch (PortTakenException e) {
        end.check("a free port (" + e.getMessage() + ")");
        Thread.sleep(PAUSE.toMillis());
      }
    }
  }

  /** The status of /readyz; 0 = nobody listens yet. */
  private int answer() throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(2)).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * Nothing but {@link #stop} and {@link #kill} may end it.
   *
   * @throws PortTakenException it had no port to listen on
   * @throws IOException it ended
   */
  public void requireRunning() throws IOException {
    if (running().isAlive()) {
      return;
    }
    int code = running().exitValue();
    String told = "%s ended by itself: exit code %d%n%s".formatted(name, code, tail());
    if (code == Launch.REFUSED_TO_START && printedSinceStart().contains(PORT_TAKEN)) {
      throw new PortTakenException(told);
    }
    throw new IOException(told);
  }

  /**
   * SIGKILL, and waits until it is gone.
   *
   * @throws IOException it had ended before, by itself
   */
  public void kill() throws IOException, InterruptedException {
    requireRunning();
    end();
  }

  /**
   * SIGTERM, and waits for its end.
   *
   * @throws IOException it ended before, does not end in time, or not with exit code 0
   */
  public void stop() throws IOException, InterruptedException {
    requireRunning();
    running().destroy();
    awaitStopped();
  }

  /**
   * Waits for its end, once it was asked to.
   *
   * @throws IOException it does not end in time, or not with exit code 0
   */
  void awaitStopped() throws IOException, InterruptedException {
    Process stopping = running();
    if (!stopping.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
      end();
      throw new IOException("%s did not stop in %s%n%s".formatted(name, STOP, tail()));
    }
    if (stopping.exitValue() != Launch.OK) {
      throw new IOException(
          "%s stopped with exit code %d%n%s".formatted(name, stopping.exitValue(), tail()));
    }
  }

  /** Whether it was started and has not ended. */
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** With what exit code it ended. */
  public int exitCode() {
    return running().exitValue();
  }

  /** The name of the service. */
  public String name() {
    return name;
  }

  /**
   * SIGTERM, SIGSTOP, SIGCONT ... to it; nothing if it has ended.
   *
   * @param signal without SIG
   */
  public void signal(String signal) throws IOException, InterruptedException {
    if (isAlive()) {
      new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  /** SIGKILL, whether it still runs or not, and waits until it is gone. */
  public void end() throws IOException, InterruptedException {
    if (!running().destroyForcibly().waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("cannot kill %s: process %d goes on".formatted(name, pid()));
    }
  }

  /** CPU time that it has used since it was started. */
  public Duration cpu() {
    return running().toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /**
   * The sum of a metric over all its labels, by its name on /metrics.
   *
   * @throws IOException it has none such, or does not answer
   */
  public double metric(String metric) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(ready.resolve("/metrics")).build();
    String page = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return page.lines()
        .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .reduce(Double::sum)
        .orElseThrow(() -> new IOException("cannot find " + metric + " of " + name));
  }

  public long pid() {
    return running().pid();
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException(name + " was not started");
    }
    return process;
  }

  /** The end of what it printed. */
  public String tail() {
    List<String> lines = lines();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }

  private String printedSinceStart() {
    List<String> lines = lines();
    return String.join("\n", lines.subList(Math.min(linesBefore, lines.size()), lines.size()));
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(output);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + output, e);
    }
  }

  /** Kills it if it still runs, and waits until it is gone. */
  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly().onExit().orTimeout(STOP.toSeconds(), TimeUnit.SECONDS).join();
    }
  }
}
