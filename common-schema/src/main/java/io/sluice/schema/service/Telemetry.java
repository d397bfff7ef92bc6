package io.sluice.schema.service;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * A service's own meters, read as Prometheus text. Counters are adders, so that counting costs next
 * to nothing and the ledger can be summed from the very numbers that the metrics page shows. Each
 * must be a line of {@code metrics.txt} ({@link KnownMetrics}), so that none is without a text.
 * Safe for any thread.
 */
public final class Telemetry implements AutoCloseable {

  private static final PrometheusTextFormatWriter TEXT = PrometheusTextFormatWriter.create();

  private static final double NANOS = 1e9;

  private static final long LAST_SECONDS = 4;

  private static final String PUSH_FAILURES = "sluice.telemetry.push.failures";

  /** From a fast disk's fsync to a large table's commit. */
  private static final List<Double> SECONDS =
      List.of(
          0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
          10.0, 30.0, 60.0);

  private final Map<String, Metric> known;
  private final PrometheusMetricReader reader = PrometheusMetricReader.create();
  private final SdkMeterProvider provider;
  private final Meter meter;
  private final SlowPaths slow;
  private final Map<String, Map<Attributes, LongAdder>> counters = new ConcurrentHashMap<>();
  private final Map<String, Map<Attributes, LongSupplier>> sums = new ConcurrentHashMap<>();
  private final Map<String, Map<Attributes, LongSupplier>> gauges = new ConcurrentHashMap<>();
  private final Map<String, DoubleHistogram> histograms = new ConcurrentHashMap<>();

  /**
   * Starts with no meters.
   *
   * @param service the resource's service.name, as in {@code sluice-acceptor}
   */
  public Telemetry(String service) {
    this(service, KnownMetrics.all(), TelemetrySettings.QUIET);
  }

  /** The same, and pushes them, too, if that is wanted. */
  public Telemetry(String service, TelemetrySettings settings) {
    this(service, KnownMetrics.all(), settings);
  }

  /**
   * The same with meters of these kinds alone.
   *
   * @param known in the form of {@code metrics.txt}
   */
  Telemetry(String service, Map<String, Metric> known) {
    this(service, known, TelemetrySettings.QUIET);
  }

  private Telemetry(String service, Map<String, Metric> known, TelemetrySettings settings) {
    this.known = known;
    LongAdder failures = new LongAdder();
    SdkMeterProviderBuilder builder = SdkMeterProvider.builder().registerMetricReader(reader);
    URI endpoint = settings.endpoint();
    SdkTracerProvider spans = null;
    if (endpoint == null) {
      builder.setResource(
          Resource.create(Attributes.builder().put("service.name", service).build()));
    } else {
      Resource resource = Resource.create(ServiceIdentity.of(service));
      OtlpPush push = new OtlpPush(endpoint, settings, failures);
      builder.setResource(resource).registerMetricReader(push.metrics());
      spans = push.spans(resource);
    }
    provider = builder.build();
    meter = provider.get("io.sluice");
    slow = new SlowPaths(this, settings.slow(), spans, System::nanoTime);
    if (known.containsKey(PUSH_FAILURES)) {
      counter(PUSH_FAILURES, Attributes.empty(), failures::sum);
    }
  }

  /**
   * The counter of this name and these attributes: made once, then the same.
   *
   * @param name a line of {@code metrics.txt}
   * @throws IllegalStateException no line says of this name that it counts, by these attributes
   */
  public LongAdder counter(String name, Attributes attributes) {
    return counters
        .computeIfAbsent(name, n -> observedCounter(known(n, Metric.Kind.COUNTER)))
        .computeIfAbsent(attributes, a -> labelled(name, a, new LongAdder()));
  }

  /** A counter whose sum somebody else keeps, in the same form. A later one replaces it. */
  public void counter(String name, Attributes attributes, LongSupplier sum) {
    sums.computeIfAbsent(name, n -> observedSums(known(n, Metric.Kind.COUNTER)))
        .put(attributes, labelled(name, attributes, sum));
  }

  /** A value that goes up and down; read when the metrics page is. A later one replaces it. */
  public void gauge(String name, Attributes attributes, LongSupplier value) {
    gauges
        .computeIfAbsent(name, n -> observedGauge(known(n, Metric.Kind.GAUGE)))
        .put(attributes, labelled(name, attributes, value));
  }

  /** Of durations, in seconds; what is returned is told of each, in nanoseconds. */
  public LongConsumer durations(String name, Attributes attributes) {
    DoubleHistogram histogram =
        histograms.computeIfAbsent(name, n -> histogram(known(n, Metric.Kind.HISTOGRAM)));
    return labelled(
        name, attributes, (LongConsumer) nanos -> histogram.record(nanos / NANOS, attributes));
  }

  private Metric known(String name, Metric.Kind kind) {
    Metric metric = known.get(name);
    if (metric == null || metric.kind() != kind) {
      throw new IllegalStateException("metrics.txt lists no %s %s".formatted(kind, name));
    }
    return metric;
  }

  private <T> T labelled(String name, Attributes attributes, T meter) {
    Set<String> labels = new HashSet<>();
    attributes.forEach((key, value) -> labels.add(key.getKey()));
    Metric metric = known.get(name);
    if (metric == null || !metric.takes(labels)) {
      throw new IllegalStateException("metrics.txt lists no %s with %s".formatted(name, labels));
    }
    return meter;
  }

  /** Whoever keeps the value of this gauge, or the sum of this counter, is gone. */
  public void withdraw(String name, Attributes attributes) {
    sums.computeIfPresent(name, (n, all) -> without(all, attributes));
    gauges.computeIfPresent(name, (n, all) -> without(all, attributes));
  }

  private static Map<Attributes, LongSupplier> without(
      Map<Attributes, LongSupplier> all, Attributes one) {
    all.remove(one);
    return all;
  }

  /** Where operations that took long are told of. */
  public SlowPaths slow() {
    return slow;
  }

  /** All meters as they are now, as Prometheus text. */
  public void write(OutputStream out) throws IOException {
    TEXT.write(out, reader.collect(), EscapingScheme.UNDERSCORE_ESCAPING);
  }

  /** The media type of what {@link #write} writes. */
  public static String contentType() {
    return TEXT.getContentType();
  }

  /** Pushes once more, if it does; a receiver that does not answer holds up no stop for long. */
  @Override
  public void close() {
    CompletableResultCode.ofAll(List.of(slow.shutdown(), provider.shutdown()))
        .join(LAST_SECONDS, TimeUnit.SECONDS);
  }

  private Map<Attributes, LongAdder> observedCounter(Metric of) {
    Map<Attributes, LongAdder> adders = new ConcurrentHashMap<>();
    meter
        .counterBuilder(of.name())
        .setUnit(of.unit())
        .setDescription(of.text())
        .buildWithCallback(out -> adders.forEach((a, adder) -> out.record(adder.sum(), a)));
    return adders;
  }

  private Map<Attributes, LongSupplier> observedSums(Metric of) {
    Map<Attributes, LongSupplier> values = new ConcurrentHashMap<>();
    meter
        .counterBuilder(of.name())
        .setUnit(of.unit())
        .setDescription(of.text())
        .buildWithCallback(out -> values.forEach((a, value) -> out.record(value.getAsLong(), a)));
    return values;
  }

  private Map<Attributes, LongSupplier> observedGauge(Metric of) {
    Map<Attributes, LongSupplier> values = new ConcurrentHashMap<>();
    meter
        .gaugeBuilder(of.name())
        .ofLongs()
        .setUnit(of.unit())
        .setDescription(of.text())
        .buildWithCallback(out -> values.forEach((a, value) -> out.record(value.getAsLong(), a)));
    return values;
  }

  private DoubleHistogram histogram(Metric of) {
    return meter
        .histogramBuilder(of.name())
        .setUnit(of.unit())
        .setDescription(of.text())
        .setExplicitBucketBoundariesAdvice(SECONDS)
        .build();
  }
}
