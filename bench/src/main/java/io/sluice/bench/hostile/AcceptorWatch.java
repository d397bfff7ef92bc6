package io.sluice.bench.hostile;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at the Acceptor ten times a second: its /status page, and what Linux says of its process (0
 * elsewhere). Its own thread looks; any may ask.
 */
final class AcceptorWatch implements AutoCloseable {

  private static final long EVERY_MILLIS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Pattern BYTES = Pattern.compile("\"bytesInFlight\":(\\d+)");
  private static final Pattern REQUESTS = Pattern.compile("\"requestsInFlight\":(\\d+)");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");

  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpRequest page;
  private final Path process;
  private final Thread thread = new Thread(this::look, "acceptor-watch");
  private Peaks peaks = Peaks.NONE; // guarded by this
  private volatile boolean ended;

  /**
   * The most of each at any look.
   *
   * @param bytesInFlight of the budget of requests
   * @param requests in flight
   * @param residentBytes of the process
   * @param blindLooks how often the page was not answered in time
   */
  record Peaks(
      long bytesInFlight, long requests, long residentBytes, long threads, long blindLooks) {

    static final Peaks NONE = new Peaks(0, 0, 0, 0, 0);

    Peaks max(Peaks other) {
      return new Peaks(
          Math.max(bytesInFlight, other.bytesInFlight),
          Math.max(requests, other.requests),
          Math.max(residentBytes, other.residentBytes),
          Math.max(threads, other.threads),
          blindLooks + other.blindLooks);
    }
  }

  AcceptorWatch(URI status, long pid) {
    this.page = HttpRequest.newBuilder(status).timeout(PATIENCE).build();
    this.process = Path.of("/proc", Long.toString(pid), "status");
    thread.setDaemon(true);
    thread.start();
  }

  /** Since it began, or since this was asked before. */
  synchronized Peaks sinceLast() {
    Peaks told = peaks;
    peaks = Peaks.NONE;
    return told;
  }

  /** As it is now. */
  Peaks now() throws InterruptedException {
    try {
      String status = http.send(page, HttpResponse.BodyHandlers.ofString()).body();
      String linux = Files.isReadable(process) ? Files.readString(process) : "";
      return new Peaks(
          number(BYTES, status),
          number(REQUESTS, status),
          number(RESIDENT, linux) << 10,
          number(THREADS, linux),
          0);
    } catch (IOException e) {
      return new Peaks(0, 0, 0, 0, 1);
    }
  }

  private void look() {
    try {
      while (!ended) {
        Peaks now = now();
        synchronized (this) {
          peaks = peaks.max(now);
        }
        Thread.sleep(EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  @Override
  public void close() {
    ended = true;
    thread.interrupt();
  }
}
