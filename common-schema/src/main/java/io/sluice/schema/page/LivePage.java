package io.sluice.schema.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.admin.AdminAnswer;
import io.sluice.schema.admin.AdminServer;
import io.sluice.schema.admin.AdminStreams;
import io.sluice.schema.service.FailureLog;
import io.sluice.schema.service.Telemetry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status page of a service: {@code /} with its script and style, which tell nothing of anybody;
 * {@code /page.json}, the document with the history of its series; {@code /events}, the document
 * once a second. One thread samples and, while anybody watches, makes one document for all.
 *
 * <pre>
 * sluice.page.failures    documents that could not be made
 * </pre>
 */
public final class LivePage implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LivePage.class);
  private static final JsonFactory JSON = new JsonFactory();
  private static final String JSON_TYPE = "application/json";

  /** What the page may do: nothing but load what is its own, and ask its own service. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Referrer-Policy",
          "no-referrer",
          "Cache-Control",
          "no-cache");

  /**
   * Whose page it is.
   *
   * @param service as in {@code Writer}
   * @param name which of them
   */
  public record Subject(String service, String name) {}

  private final AdminServer admin;
  private final Subject subject;
  private final History history;
  private final PageContent.Source source;
  private final AdminStreams streams;
  private final LongAdder failures;
  private final FailureLog said = new FailureLog(System::nanoTime);
  private final long begunNanos = System.nanoTime();
  private final ScheduledThreadPoolExecutor thread;

  private LivePage(
      AdminServer admin,
      Telemetry telemetry,
      Subject subject,
      History history,
      PageContent.Source source) {
    this.admin = admin;
    this.subject = subject;
    this.history = history;
    this.source = source;
    this.streams = admin.stream("/events");
    this.failures = telemetry.counter("sluice.page.failures", Attributes.empty());
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread page = new Thread(task, "page");
              page.setDaemon(true);
              return page;
            });
  }

  /**
   * Shows the page from now on.
   *
   * @param history sampled here, once a second
   */
  public static LivePage open(
      AdminServer admin,
      Telemetry telemetry,
      Subject subject,
      History history,
      PageContent.Source source)
      throws IOException {
    LivePage page = new LivePage(admin, telemetry, subject, history, source);
    page.show("/", "page.html", "text/html; charset=utf-8");
    page.show("/page.js", "page.js", "text/javascript; charset=utf-8");
    page.show("/page.css", "page.css", "text/css; charset=utf-8");
    page.show("/page.svg", "page.svg", "image/svg+xml");
    admin.guarded(
        "/page.json",
        request -> new AdminAnswer(200, JSON_TYPE, page.document(history.look(true)), Map.of()));
    var unused = page.thread.scheduleAtFixedRate(page::second, 0, 1, TimeUnit.SECONDS);
    return page;
  }

  private void show(String path, String file, String type) throws IOException {
    try (InputStream in = LivePage.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IOException("cannot show the status page: %s is not in the jar".formatted(file));
      }
      AdminAnswer answer = new AdminAnswer(200, type, in.readAllBytes(), HEADERS);
      admin.show(path, answer);
    }
  }

  /** Goes on whatever happens: nobody else does it. */
  private void second() {
    try {
      history.sample(System.nanoTime());
      if (streams.isWatched()) {
        streams.send(event(document(history.look(false))));
      }
    } catch (IOException | RuntimeException e) {
      failures.increment();
      long passedOver = said.log(e);
      if (passedOver >= 0) {
        LOG.error("cannot make the status page ({} before were not logged)", passedOver, e);
      }
    }
  }

  private static byte[] event(byte[] document) {
    ByteArrayOutputStream event = new ByteArrayOutputStream(document.length + 16);
    event.writeBytes("data: ".getBytes(StandardCharsets.UTF_8));
    event.writeBytes(document); // in which no line ends
    event.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
    return event.toByteArray();
  }

  private synchronized byte[] document(History.Look look) throws IOException {
    PageContent content = source.look();
    PageDocument document =
        new PageDocument(
            subject.service(),
            subject.name(),
            version(),
            admin.state(),
            System.currentTimeMillis(),
            TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begunNanos),
            look.sample(),
            look.series(),
            look.delays(),
            content.faults(),
            content.flows(),
            content.budgets(),
            content.refusals(),
            content.details());
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(body)) {
      RecordJson.write(out, document);
    }
    return body.toByteArray();
  }

  private static String version() {
    String version = LivePage.class.getPackage().getImplementationVersion();
    return version == null ? "" : version;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
