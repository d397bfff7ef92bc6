package io.sluice.schema.service;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * A service's own meters, read as Prometheus text. Counters are adders, so that counting costs next
 * to nothing and the ledger can be summed from the very numbers that the metrics page shows. Safe
 * for any thread.
 */
public final class Telemetry implements AutoCloseable {

  private static final PrometheusTextFormatWriter TEXT = PrometheusTextFormatWriter.create();

  private final PrometheusMetricReader reader = PrometheusMetricReader.create();
  private final SdkMeterProvider provider;
  private final Meter meter;
  private final Map<String, Map<Attributes, LongAdder>> counters = new ConcurrentHashMap<>();
  private final Map<String, Map<Attributes, LongSupplier>> sums = new ConcurrentHashMap<>();
  private final Map<String, Map<Attributes, LongSupplier>> gauges = new ConcurrentHashMap<>();

  /**
   * Starts with no meters.
   *
   * @param service the resource's service.name, as in {@code sluice-acceptor}
   */
  public Telemetry(String service) {
    provider =
        SdkMeterProvider.builder()
            .registerMetricReader(reader)
            .setResource(Resource.create(Attributes.builder().put("service.name", service).build()))
            .build();
    meter = provider.get("io.sluice");
  }

  /** For histograms, which keep OpenTelemetry's own form. */
  public Meter meter() {
    return meter;
  }

  /**
   * The counter of this name and these attributes: made once, then the same.
   *
   * @param name dotted, without a suffix: {@code sluice.batches.deduplicated}
   * @param unit UCUM, as in {@code By} or {@code {record}}
   */
  public LongAdder counter(String name, String unit, String description, Attributes attributes) {
    return counters
        .computeIfAbsent(name, n -> observedCounter(n, unit, description))
        .computeIfAbsent(attributes, a -> new LongAdder());
  }

  /** A counter whose sum somebody else keeps, in the same form. A later one replaces it. */
  public void counter(
      String name, String unit, String description, Attributes attributes, LongSupplier sum) {
    sums.computeIfAbsent(name, n -> observedSums(n, unit, description)).put(attributes, sum);
  }

  /** A value that goes up and down; read when the metrics page is. A later one replaces it. */
  public void gauge(
      String name, String unit, String description, Attributes attributes, LongSupplier value) {
    gauges.computeIfAbsent(name, n -> observedGauge(n, unit, description)).put(attributes, value);
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

  /** All meters as they are now, as Prometheus text. */
  public void write(OutputStream out) throws IOException {
    TEXT.write(out, reader.collect(), EscapingScheme.UNDERSCORE_ESCAPING);
  }

  /** The media type of what {@link #write} writes. */
  public static String contentType() {
    return TEXT.getContentType();
  }

  @Override
  public void close() {
    provider.close();
  }

  private Map<Attributes, LongAdder> observedCounter(String name, String unit, String description) {
    Map<Attributes, LongAdder> adders = new ConcurrentHashMap<>();
    meter
        .counterBuilder(name)
        .setUnit(unit)
        .setDescription(description)
        .buildWithCallback(out -> adders.forEach((a, adder) -> out.record(adder.sum(), a)));
    return adders;
  }

  private Map<Attributes, LongSupplier> observedSums(String name, String unit, String description) {
    Map<Attributes, LongSupplier> values = new ConcurrentHashMap<>();
    meter
        .counterBuilder(name)
        .setUnit(unit)
        .setDescription(description)
        .buildWithCallback(out -> values.forEach((a, value) -> out.record(value.getAsLong(), a)));
    return values;
  }

  private Map<Attributes, LongSupplier> observedGauge(
      String name, String unit, String description) {
    Map<Attributes, LongSupplier> values = new ConcurrentHashMap<>();
    meter
        .gaugeBuilder(name)
        .ofLongs()
        .setUnit(unit)
        .setDescription(description)
        .buildWithCallback(out -> values.forEach((a, value) -> out.record(value.getAsLong(), a)));
    return values;
  }
}
