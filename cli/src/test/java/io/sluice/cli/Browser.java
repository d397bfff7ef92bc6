package io.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A Chromium without a screen, driven by its DevTools protocol, with one page. It reaches this
 * machine alone. Used by one thread.
 */
final class Browser implements AutoCloseable {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private static final String LISTENS = "DevTools listening on ";
  private static final int ANSWER_SECONDS = 60;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private Browser(Process process, URI page) {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(page, new Messages()).join();
  }

  /** Where one is installed on this machine. */
  static Optional<Path> installed() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .filter(directory -> !directory.isEmpty())
        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * @param profile a directory of its own
   */
  static Browser start(Path program, Path profile) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--no-first-run",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"));
    if (System.getProperty("user.name").equals("root")) {
      words.add("--no-sandbox"); // as root it starts no other way
    }
    words.add("about:blank");
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      lines.add(line);
      if (line.startsWith(LISTENS)) {
        Thread drain = new Thread(() -> said.lines().forEach(more -> {}), "browser");
        drain.setDaemon(true);
        drain.start();
        Browser browser = new Browser(process, page(URI.create(line.substring(LISTENS.length()))));
        browser.call("Page.enable");
        browser.call("Runtime.enable");
        browser.call("Log.enable");
        browser.call("Network.enable");
        return browser;
      }
    }
    throw new AssertionError("the browser ended so: " + lines);
  }

  private static URI page(URI browser) throws Exception {
    URI list =
        new URI("http", null, browser.getHost(), browser.getPort(), "/json/list", null, null);
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() < end) {
      String targets =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString())
              .body();
      for (JsonNode target : JSON.readTree(targets)) {
        if (target.path("type").asText().equals("page")) {
          return URI.create(target.path("webSocketDebuggerUrl").asText());
        }
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new AssertionError("the browser shows no page");
  }

  /** What pages complained of: errors of scripts, of the console, of loading. */
  List<String> complaints() {
    return complaints;
  }

  /** The addresses that were asked for. */
  List<String> requests() {
    return requests;
  }

  void open(String url) throws Exception {
    call("Page.navigate", "url", url);
  }

  /** As on a screen of this width; 0: as the browser likes. */
  void screen(int width, int height, boolean dark) throws Exception {
    ObjectNode size = JSON.createObjectNode();
    size.put("width", width).put("height", height).put("deviceScaleFactor", 1);
    size.put("mobile", width < 600);
    call("Emulation.setDeviceMetricsOverride", size);
    ObjectNode media = JSON.createObjectNode();
    media
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", dark ? "dark" : "light");
    call("Emulation.setEmulatedMedia", media);
  }

  /** The value of an expression, as text. */
  String value(String script) throws Exception {
    ObjectNode asked = JSON.createObjectNode();
    asked.put("expression", script).put("returnByValue", true).put("awaitPromise", true);
    JsonNode answer = call("Runtime.evaluate", asked);
    if (answer.has("exceptionDetails")) {
      throw new AssertionError("cannot evaluate %s: %s".formatted(script, answer));
    }
    return answer.path("result").path("value").asText();
  }

  /** Waits until an expression is true; before the page is there it may fail. */
  void await(String script) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    String asked = "(() => { try { return Boolean(%s) } catch { return false } })()";
    while (!value(asked.formatted(script)).equals("true")) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "it does not come: %s; complaints %s; the page says: %s"
                .formatted(script, complaints, value("document.body.innerText")));
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  /**
   * What is seen, as a picture.
   *
   * @param whole with what is below the screen, too
   */
  void picture(Path file, boolean whole) throws Exception {
    ObjectNode asked = JSON.createObjectNode();
    asked.put("format", "png").put("captureBeyondViewport", whole);
    JsonNode metrics = call("Page.getLayoutMetrics");
    JsonNode size = metrics.path(whole ? "cssContentSize" : "cssVisualViewport");
    ObjectNode clip = asked.putObject("clip");
    clip.put("x", 0).put("y", 0).put("scale", 1);
    clip.put("width", size.path(whole ? "width" : "clientWidth").asInt());
    clip.put("height", size.path(whole ? "height" : "clientHeight").asInt());
    String data = call("Page.captureScreenshot", asked).path("data").asText();
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, Base64.getDecoder().decode(data));
  }

  private JsonNode call(String method, String name, String value) throws Exception {
    return call(method, JSON.createObjectNode().put(name, value));
  }

  private JsonNode call(String method) throws Exception {
    return call(method, JSON.createObjectNode());
  }

  private JsonNode call(String method, ObjectNode parameters) throws Exception {
    int id = calls.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    socket.sendText(message.toString(), true).join();
    return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    waiting.clear();
    socket.sendText("{\"id\":0,\"method\":\"Browser.close\"}", true).join();
    process.waitFor(10, TimeUnit.SECONDS); // it leaves less behind
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.waitFor();
  }

  /** Answers, and what the page does meanwhile; one message at a time. */
  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          heard(JSON.readTree(text.toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } finally {
          text.setLength(0);
        }
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void heard(JsonNode message) {
      CompletableFuture<JsonNode> answer = waiting.remove(message.path("id").asInt());
      if (answer != null) {
        if (message.has("error")) {
          answer.completeExceptionally(new AssertionError(message.toString()));
        } else {
          answer.complete(message.path("result"));
        }
        return;
      }
      JsonNode what = message.path("params");
      switch (message.path("method").asText()) {
        case "Runtime.exceptionThrown" -> complaints.add(what.toString());
        case "Runtime.consoleAPICalled" -> complaints.add(what.path("args").toString());
        case "Log.entryAdded" -> complaints.add(what.path("entry").toString());
        case "Network.requestWillBeSent" -> requests.add(what.path("request").path("url").asText());
        default -> {
          // of no interest
        }
      }
    }
  }
}
