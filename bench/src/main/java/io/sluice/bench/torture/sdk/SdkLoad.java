package io.sluice.bench.torture.sdk;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.sluice.bench.audit.AckLog;
import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Shape;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;

/**
 * An application with the SDK: spans and log records by one thread at a steady rate, points at each
 * collection. In the notes a span or a log record is a request of its own, a collection's points
 * are one.
 */
public final class SdkLoad implements AutoCloseable {

  static final AttributeKey<String> KEY = AttributeKey.stringKey(RunKeys.ATTRIBUTE);

  /**
   * It logs each export that fails, with a stack trace, to the JDK's logger: here they are counted.
   * Held, since a logger that nobody holds forgets its level.
   */
  private static final java.util.logging.Logger SDK =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private static final int SPANS = 0;
  private static final int LOGS = 1;
  private static final int POINTS = 2;

  /** Of which the SDK makes the gauges and the sums. */
  private static final Shape COLLECTION = new Shape(Signal.METRICS, 20);

  private static final Duration BATCH_DELAY = Duration.ofMillis(200);
  private static final Duration COLLECT = Duration.ofMillis(500);
  private static final long SHUTDOWN_SECONDS = 60;

  private final RunKeys keys;
  private final AckLog acks;
  private final SdkCounts counts = new SdkCounts();
  private final KeyedIds ids;
  private final SdkTracerProvider spans;
  private final SdkLoggerProvider logs;
  private final SdkMeterProvider metrics;
  private final AtomicInteger collections = new AtomicInteger();
  private final Thread thread;
  private final long nanosBetween;
  private volatile boolean ended;

  /**
   * Begins at once.
   *
   * @param rate spans a second, and as many log records
   * @param file where it notes what was made and acked
   */
  public SdkLoad(SdkExporters exporters, double rate, long run, Path file) throws IOException {
    SDK.setLevel(Level.OFF);
    this.keys = new RunKeys(run);
    this.acks = AckLog.create(file, keys);
    this.ids = new KeyedIds(keys);
    this.nanosBetween = (long) (1e9 / rate);
    KeyNotes notes = new KeyNotes(acks, counts);
    Resource resource =
        Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "torture-sdk"));
    this.spans =
        SdkTracerProvider.builder()
            .setResource(resource)
            .setIdGenerator(ids)
            .setSampler(Sampler.alwaysOn())
            .addSpanProcessor(
                BatchSpanProcessor.builder(new NotedSpans(exporters.spans(), keys, notes))
                    .setScheduleDelay(BATCH_DELAY)
                    .build())
            .build();
    this.logs =
        SdkLoggerProvider.builder()
            .setResource(resource)
            .addLogRecordProcessor(
                BatchLogRecordProcessor.builder(new NotedLogs(exporters.logs(), keys, notes))
                    .setScheduleDelay(BATCH_DELAY)
                    .build())
            .build();
    this.metrics =
        SdkMeterProvider.builder()
            .setResource(resource)
            .registerMetricReader(
                PeriodicMetricReader.builder(
                        new NotedMetrics(exporters.metrics(), keys, acks, counts))
                    .setInterval(COLLECT)
                    .build())
            .build();
    observe(metrics.get("torture"));
    this.thread = new Thread(this::run, "sdk-load");
    thread.setDaemon(true);
    thread.start();
  }

  public SdkCounts counts() {
    return counts;
  }

  /** All points of a collection come from one callback, which is called once for each. */
  private void observe(Meter meter) {
    var gauge = meter.gaugeBuilder("torture.gauge").buildObserver();
    var sum = meter.counterBuilder("torture.sum").buildObserver();
    meter.batchCallback(
        () -> {
          int request = collections.getAndIncrement();
          acks.sent(POINTS, request, COLLECTION);
          for (int i = 0; i < COLLECTION.records(); i++) {
            Attributes key = Attributes.of(KEY, keys.text(RunKeys.pack(POINTS, request, i)));
            Table table = COLLECTION.table(i);
            if (table == Table.METRICS_GAUGE) {
              gauge.record(request + i / 8.0, key);
              counts.made.incrementAndGet();
            } else if (table == Table.METRICS_SUM) {
              sum.record(request + 1L, key);
              counts.made.incrementAndGet();
            }
          }
        },
        gauge,
        sum);
  }

  private void run() {
    Tracer tracer = spans.get("torture");
    Logger logger = logs.get("torture");
    long due = System.nanoTime();
    try {
      for (int request = 0; !ended; request++) {
        makeSpan(tracer, request);
        makeLog(logger, request);
        due += nanosBetween;
        long wait = due - System.nanoTime();
        if (wait > 0) {
          TimeUnit.NANOSECONDS.sleep(wait);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void makeSpan(Tracer tracer, int request) {
    acks.sent(SPANS, request, new Shape(Signal.TRACES, 1));
    ids.next(RunKeys.pack(SPANS, request, 0));
    tracer
        .spanBuilder("GET /" + request % 7)
        .setParent(Context.root())
        .setSpanKind(SpanKind.SERVER)
        .setAttribute("request", request)
        .startSpan()
        .end();
    counts.made.incrementAndGet();
  }

  private void makeLog(Logger logger, int request) {
    acks.sent(LOGS, request, new Shape(Signal.LOGS, 1));
    logger
        .logRecordBuilder()
        .setTimestamp(Instant.now())
        .setSeverity(Severity.INFO)
        .setBody("line " + request)
        .setAttribute(KEY, keys.text(RunKeys.pack(LOGS, request, 0)))
        .emit();
    counts.made.incrementAndGet();
  }

  /** Makes nothing more; what is queued is exported, with its retries, for a minute at most. */
  @Override
  public void close() throws IOException, InterruptedException {
    ended = true;
    thread.join();
    spans.shutdown().join(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    logs.shutdown().join(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    metrics.shutdown().join(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    acks.close();
  }
}
