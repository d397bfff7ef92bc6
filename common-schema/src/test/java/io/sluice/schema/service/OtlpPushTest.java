package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Against a receiver that reads OTLP by protobuf-java. */
@Timeout(60)
class OtlpPushTest {

  private record Pushed(String path, String header, ExportMetricsServiceRequest request) {}

  private final BlockingQueue<Pushed> pushed = new LinkedBlockingQueue<>();
  private final BlockingQueue<ExportTraceServiceRequest> traces = new LinkedBlockingQueue<>();
  private volatile int code = 200;
  private HttpServer receiver;

  @BeforeEach
  void listen() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/base/v1/traces",
        call -> {
          traces.add(ExportTraceServiceRequest.parseFrom(call.getRequestBody()));
          call.sendResponseHeaders(code, -1);
          call.close();
        });
    receiver.createContext(
        "/",
        call -> {
          pushed.add(
              new Pushed(
                  call.getRequestURI().getPath(),
                  call.getRequestHeaders().getFirst("X-Key"),
                  ExportMetricsServiceRequest.parseFrom(call.getRequestBody())));
          call.sendResponseHeaders(code, -1);
          call.close();
        });
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  private TelemetrySettings settings() {
    URI endpoint = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/base/");
    return new TelemetrySettings(
        endpoint, Duration.ofSeconds(1), Map.of("X-Key", "secret"), Duration.ofMillis(50));
  }

  @Test
  void sumsGaugesAndDurationsArePushedByTheirOwnNames() throws Exception {
    try (Telemetry telemetry = new Telemetry("sluice-test", settings())) {
      telemetry.counter("sluice.acceptor.failures", Attributes.empty()).add(7);
      telemetry.gauge("sluice.acceptor.inflight", Attributes.empty(), () -> 11);
      telemetry.durations("sluice.put.duration", Attributes.empty()).accept(2_000_000);
    }
    Pushed last = pushed.take(); // one at the end at least
    assertThat(last.path()).isEqualTo("/base/v1/metrics");
    assertThat(last.header()).isEqualTo("secret");
    ResourceMetrics of = last.request().getResourceMetrics(0);
    Map<String, String> resource =
        of.getResource().getAttributesList().stream()
            .collect(
                Collectors.toMap(each -> each.getKey(), each -> each.getValue().getStringValue()));
    assertThat(resource)
        .containsEntry("service.name", "sluice-test")
        .containsKeys("service.instance.id", "host.name");
    Map<String, Metric> metrics =
        of.getScopeMetrics(0).getMetricsList().stream()
            .collect(Collectors.toMap(Metric::getName, Function.identity()));
    Metric failures = metrics.get("sluice.acceptor.failures");
    assertThat(failures.getSum().getIsMonotonic()).isTrue();
    assertThat(failures.getSum().getAggregationTemporality())
        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
    assertThat(failures.getSum().getDataPoints(0).getAsInt()).isEqualTo(7);
    assertThat(metrics.get("sluice.acceptor.inflight").getUnit()).isEqualTo("By");
    assertThat(metrics.get("sluice.acceptor.inflight").getGauge().getDataPoints(0).getAsInt())
        .isEqualTo(11);
    assertThat(metrics.get("sluice.put.duration").getHistogram().getDataPoints(0).getSum())
        .isEqualTo(0.002);
  }

  @Test
  void whatTookLongIsOneTraceWithItsParts() throws Exception {
    try (Telemetry telemetry = new Telemetry("sluice-test", settings())) {
      SlowPaths slow = telemetry.slow();
      assertThat(slow.isSlow(49_000_000)).isFalse();
      assertThat(slow.isSlow(50_000_000)).isTrue();
      for (int i = 0; i < 3; i++) { // one a second is told
        slow.tell(
            "request",
            60_000_000,
            Attributes.builder().put("tenant", "shop").build(),
            List.of(
                new SlowPaths.Part("wait", 10_000_000), new SlowPaths.Part("decode", 50_000_000)));
      }
      ByteArrayOutputStream page = new ByteArrayOutputStream();
      telemetry.write(page);
      assertThat(page.toString(StandardCharsets.UTF_8))
          .containsPattern("\nsluice_slow_total\\{.*operation=\"request\".*\\} 3");
    }
    List<Span> spans = traces.take().getResourceSpans(0).getScopeSpans(0).getSpansList();
    assertThat(spans)
        .extracting(Span::getName)
        .containsExactlyInAnyOrder("sluice request", "wait", "decode");
    assertThat(spans).extracting(Span::getTraceId).containsOnly(spans.get(0).getTraceId());
    Span whole = named(spans, "sluice request");
    assertThat(whole.getParentSpanId()).isEmpty();
    assertThat(whole.getEndTimeUnixNano() - whole.getStartTimeUnixNano()).isEqualTo(60_000_000);
    assertThat(whole.getAttributes(0).getValue().getStringValue()).isEqualTo("shop");
    Span decode = named(spans, "decode");
    assertThat(decode.getParentSpanId()).isEqualTo(whole.getSpanId());
    assertThat(decode.getStartTimeUnixNano()).isEqualTo(whole.getStartTimeUnixNano() + 10_000_000);
    assertThat(decode.getEndTimeUnixNano()).isEqualTo(whole.getEndTimeUnixNano());
    assertThat(traces).as("one was told").isEmpty();
  }

  private static Span named(List<Span> spans, String name) {
    return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void pushThatIsNotTakenIsCountedAndTheNextIsTried() throws Exception {
    code = 503;
    List<String> said = new CopyOnWriteArrayList<>();
    Handler listener = listener(said);
    Logger.getLogger("").addHandler(listener); // what others log besides
    try (Telemetry telemetry = new Telemetry("sluice-test", settings())) {
      pushed.take();
      assertThat(pushed.poll(30, TimeUnit.SECONDS)).isNotNull();
      ByteArrayOutputStream page = new ByteArrayOutputStream();
      telemetry.write(page);
      assertThat(page.toString(StandardCharsets.UTF_8))
          .containsPattern("\nsluice_telemetry_push_failures_total\\{?[^}]*\\}? [1-9]");
    } finally {
      Logger.getLogger("").removeHandler(listener);
    }
    assertThat(said).isEmpty();
  }

  @Test
  void passwordInTheEndpointIsNotLogged() throws Exception {
    code = 503;
    ch.qos.logback.classic.Logger logger =
        (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(OtlpPush.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    URI endpoint =
        URI.create("http://me:hush@127.0.0.1:" + receiver.getAddress().getPort() + "/base");
    TelemetrySettings settings =
        new TelemetrySettings(endpoint, Duration.ofHours(1), Map.of(), Duration.ofSeconds(1));
    new Telemetry("sluice-test", settings).close(); // which pushes once
    logger.detachAppender(logged);
    assertThat(logged.list)
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.getFormattedMessage()).doesNotContain("hush"));
  }

  private static Handler listener(List<String> said) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        if (String.valueOf(record.getLoggerName()).startsWith("io.opentelemetry")) {
          said.add(record.getLoggerName() + ": " + record.getMessage());
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void settingsAreReadAndTheirHeadersNeverShown() {
    TelemetrySettings read =
        TelemetrySettings.from(
            Settings.ofFlags(
                List.of(
                    "--telemetry.otlp.endpoint=http://collector:4318",
                    "--telemetry.otlp.headers=Authorization=Bearer abc")));
    assertThat(read.endpoint()).isEqualTo(URI.create("http://collector:4318"));
    assertThat(read.headers()).containsEntry("Authorization", "Bearer abc");
    assertThat(Secrets.mask("telemetry.otlp.headers", "Authorization=Bearer abc, X-Key=def"))
        .doesNotContain("abc")
        .doesNotContain("def");
    Settings wrong = Settings.ofFlags(List.of("--telemetry.otlp.endpoint=collector:4318"));
    TelemetrySettings.from(wrong);
    assertThatThrownBy(wrong::check)
        .hasMessageContaining("cannot use endpoint: 'collector:4318' (http://HOST:PORT");
  }
}
