package io.sluice.schema.service;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of operations that took long, with their parts: all are counted, of each kind one a second
 * is logged, and sent as a trace if telemetry is pushed. Any thread; costs nothing while all is
 * fast.
 */
public final class SlowPaths {

  private static final Logger LOG = LoggerFactory.getLogger(SlowPaths.class);
  private static final long MICRO = 1_000;
  private static final double MILLI = 1e6;

  private final Telemetry telemetry;
  private final long slowNanos;
  private final @Nullable SdkTracerProvider spans;
  private final @Nullable Tracer tracer;
  private final LongSupplier nanoClock;
  private final Map<String, Seldom> told = new ConcurrentHashMap<>();

  /** One after the other, the parts of an operation; the rest of its time belongs to none. */
  public record Part(String name, long nanos) {}

  /**
   * @param spans where traces go; null = nowhere
   */
  SlowPaths(
      Telemetry telemetry,
      Duration slow,
      @Nullable SdkTracerProvider spans,
      LongSupplier nanoClock) {
    this.telemetry = telemetry;
    this.slowNanos = slow.toNanos();
    this.spans = spans;
    this.tracer = spans == null ? null : spans.get("io.sluice");
    this.nanoClock = nanoClock;
  }

  /** Whether {@link #tell} is worth its arguments. */
  public boolean isSlow(long nanos) {
    return nanos >= slowNanos;
  }

  /**
   * An operation has just ended.
   *
   * @param operation its kind, as in {@code request}
   * @param nanos that it took
   * @param about what it worked on
   */
  public void tell(String operation, long nanos, Attributes about, List<Part> parts) {
    telemetry
        .counter("sluice.slow", Attributes.builder().put("operation", operation).build())
        .increment();
    if (told.computeIfAbsent(operation, any -> new Seldom(nanoClock)).ask() < 0) {
      return;
    }
    String took =
        parts.stream()
            .map(part -> "%s %s".formatted(part.name(), millis(part.nanos())))
            .collect(Collectors.joining(", "));
    LOG.info(
        "slow {}: {} ({}) {}{}",
        operation,
        millis(nanos),
        took,
        about,
        tracer == null ? "" : ", trace " + trace(tracer, operation, nanos, about, parts));
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.0f ms", nanos / MILLI);
  }

  private static String trace(
      Tracer tracer, String operation, long nanos, Attributes about, List<Part> parts) {
    long end = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    long at = end - nanos / MICRO;
    Span whole =
        tracer
            .spanBuilder("sluice " + operation)
            .setNoParent()
            .setStartTimestamp(at, TimeUnit.MICROSECONDS)
            .setAllAttributes(about)
            .startSpan();
    Context context = Context.root().with(whole);
    for (Part part : parts) {
      Span span =
          tracer
              .spanBuilder(part.name())
              .setParent(context)
              .setStartTimestamp(at, TimeUnit.MICROSECONDS)
              .startSpan();
      at += part.nanos() / MICRO;
      span.end(at, TimeUnit.MICROSECONDS);
    }
    whole.end(end, TimeUnit.MICROSECONDS);
    return whole.getSpanContext().getTraceId();
  }

  /** Sends what it has, and no more; the result comes later. */
  CompletableResultCode shutdown() {
    return spans == null ? CompletableResultCode.ofSuccess() : spans.shutdown();
  }
}
