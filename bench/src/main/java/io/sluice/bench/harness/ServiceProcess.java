package io.sluice.bench.harness;

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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One service as a JVM of its own, with this JVM's Java and class path. It ends when this JVM ends,
 * because its standard input does. One thread uses it.
 */
public final class ServiceProcess implements AutoCloseable {

  private static final int NEWER = 24;
  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration STOP = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int TAIL_LINES = 30;

  private final String name;
  private final List<String> command;
  private final Path output;
  private final URI ready;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Process process;

  /**
   * @param mainClass its main class
   * @param jvmFlags memory and collector
   * @param settings flags of the service
   * @param adminPort where /readyz is
   * @param output gets what it prints, appended
   */
  ServiceProcess(
      String mainClass, List<String> jvmFlags, List<String> settings, int adminPort, Path output) {
    this.name = mainClass.replaceAll(".*\\.(\\w+)\\.Main", "$1").toLowerCase(Locale.ROOT);
    this.output = output;
    this.ready = URI.create("http://127.0.0.1:" + adminPort + "/readyz");
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    all.add("--enable-native-access=ALL-UNNAMED");
    all.add("-Dio.netty.tryReflectionSetAccessible=true");
    all.add("-XX:+ExitOnOutOfMemoryError");
    if (Runtime.version().feature() >= NEWER) {
      all.add("--sun-misc-unsafe-memory-access=allow");
    }
    all.addAll(jvmFlags);
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
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start();
  }

  /**
   * Waits until it says that it is ready.
   *
   * @throws IOException it ended, or did not get ready in time; with the end of what it printed
   */
  public void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (!isReady()) {
      if (!running().isAlive()) {
        throw new IOException("%s ended: exit code %d%n%s".formatted(name, exitCode(), tail()));
      }
      if (System.nanoTime() > end) {
        throw new IOException("%s is not ready after %s%n%s".formatted(name, START, tail()));
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(2)).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // not listening yet
    }
  }

  /** SIGKILL, and waits until it is gone. */
  public void kill() throws InterruptedException {
    running().destroyForcibly().waitFor();
  }

  /** SIGTERM, and waits for its exit code. */
  public int stop() throws IOException, InterruptedException {
    Process stopping = running();
    stopping.destroy();
    if (!stopping.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
      kill();
      throw new IOException("%s did not stop in %s%n%s".formatted(name, STOP, tail()));
    }
    return stopping.exitValue();
  }

  /** CPU time that it has used since it was started. */
  public Duration cpu() {
    return running().toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  public long pid() {
    return running().pid();
  }

  private int exitCode() throws InterruptedException {
    return running().waitFor();
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException(name + " was not started");
    }
    return process;
  }

  /** The end of what it printed. */
  public String tail() {
    try {
      List<String> lines = Files.readAllLines(output);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + output, e);
    }
  }

  /** Kills it if it still runs. */
  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
