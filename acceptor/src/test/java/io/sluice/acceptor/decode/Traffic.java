package io.sluice.acceptor.decode;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.profiles.v1development.Function;
import io.opentelemetry.proto.profiles.v1development.KeyValueAndUnit;
import io.opentelemetry.proto.profiles.v1development.Line;
import io.opentelemetry.proto.profiles.v1development.Link;
import io.opentelemetry.proto.profiles.v1development.Location;
import io.opentelemetry.proto.profiles.v1development.Mapping;
import io.opentelemetry.proto.profiles.v1development.Profile;
import io.opentelemetry.proto.profiles.v1development.ProfilesDictionary;
import io.opentelemetry.proto.profiles.v1development.ResourceProfiles;
import io.opentelemetry.proto.profiles.v1development.Sample;
import io.opentelemetry.proto.profiles.v1development.ScopeProfiles;
import io.opentelemetry.proto.profiles.v1development.Stack;
import io.opentelemetry.proto.profiles.v1development.ValueType;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import java.util.Random;

/** Requests like those that SDKs in production send; from a seed. */
public final class Traffic {

  private static final long NOW = 1_760_000_000_123_456_789L;

  private final Random random;

  public Traffic(long seed) {
    random = new Random(seed);
  }

  public ExportTraceServiceRequest traces(int spans) {
    ScopeSpans.Builder scope =
        ScopeSpans.newBuilder().setScope(scope("io.opentelemetry.netty-4.1"));
    for (int i = 0; i < spans; i++) {
      scope.addSpans(span());
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(resource())
                .addScopeSpans(scope)
                .setSchemaUrl("https://opentelemetry.io/schemas/1.37.0"))
        .build();
  }

  public ExportLogsServiceRequest logs(int records) {
    ScopeLogs.Builder scope = ScopeLogs.newBuilder().setScope(scope("com.example.checkout"));
    for (int i = 0; i < records; i++) {
      scope.addLogRecords(logRecord());
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(ResourceLogs.newBuilder().setResource(resource()).addScopeLogs(scope))
        .build();
  }

  /** Metrics of all five kinds, mostly sums and gauges, ten points each. */
  public ExportMetricsServiceRequest metrics(int points) {
    ScopeMetrics.Builder scope = ScopeMetrics.newBuilder().setScope(scope("runtime-telemetry"));
    for (int i = 0; i < points; i += 10) {
      scope.addMetrics(metric(i / 10, Math.min(10, points - i)));
    }
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder().setResource(resource()).addScopeMetrics(scope))
        .build();
  }

  /** Profiles of a process' threads, which share strings, functions and stacks. */
  public ExportProfilesServiceRequest profiles(int profiles) {
    ScopeProfiles.Builder scope = ScopeProfiles.newBuilder().setScope(scope("ebpf-profiler"));
    for (int i = 0; i < profiles; i++) {
      scope.addProfiles(profile());
    }
    return ExportProfilesServiceRequest.newBuilder()
        .addResourceProfiles(
            ResourceProfiles.newBuilder()
                .setResource(
                    resource().toBuilder()
                        .addAttributes(
                            KeyValue.newBuilder()
                                .setKeyStrindex(6)
                                .setValue(AnyValue.newBuilder().setStringValueStrindex(7))))
                .addScopeProfiles(scope))
        .setDictionary(dictionary())
        .build();
  }

  private Profile profile() {
    Profile.Builder profile =
        Profile.newBuilder()
            .setProfileId(id(16))
            .setTimeUnixNano(time())
            .setDurationNano(10_000_000_000L)
            .setSampleType(ValueType.newBuilder().setTypeStrindex(1).setUnitStrindex(2))
            .setPeriodType(ValueType.newBuilder().setTypeStrindex(3).setUnitStrindex(4))
            .setPeriod(52_631_578)
            .addAttributeIndices(1)
            .addAttributeIndices(2);
    for (int i = 0; i < 3; i++) {
      profile.addSamples(
          Sample.newBuilder()
              .setStackIndex(1 + random.nextInt(2))
              .addAttributeIndices(2)
              .addValues(random.nextInt(1000))
              .addTimestampsUnixNano(time()));
    }
    return profile.build();
  }

  private static ProfilesDictionary dictionary() {
    return ProfilesDictionary.newBuilder()
        .addAllStringTable(
            List.of(
                "",
                "samples",
                "count",
                "cpu",
                "nanoseconds",
                "thread.name",
                "container.id",
                "a3bf90e006b2",
                "reactor-http-epoll-1",
                "libc.so.6",
                "process.pid",
                "memcpy"))
        .addMappingTable(Mapping.getDefaultInstance())
        .addMappingTable(
            Mapping.newBuilder()
                .setMemoryStart(0x7f0000000000L)
                .setMemoryLimit(0x7f0000200000L)
                .setFilenameStrindex(9)
                .addAttributeIndices(1))
        .addLocationTable(Location.getDefaultInstance())
        .addLocationTable(
            Location.newBuilder()
                .setMappingIndex(1)
                .setAddress(0x7f0000001234L)
                .addLines(Line.newBuilder().setFunctionIndex(1).setLine(42)))
        .addFunctionTable(Function.getDefaultInstance())
        .addFunctionTable(Function.newBuilder().setNameStrindex(11))
        .addLinkTable(Link.getDefaultInstance())
        .addAttributeTable(KeyValueAndUnit.getDefaultInstance())
        .addAttributeTable(
            KeyValueAndUnit.newBuilder()
                .setKeyStrindex(5)
                .setValue(AnyValue.newBuilder().setStringValueStrindex(8)))
        .addAttributeTable(
            KeyValueAndUnit.newBuilder()
                .setKeyStrindex(10)
                .setValue(AnyValue.newBuilder().setIntValue(4711)))
        .addStackTable(Stack.getDefaultInstance())
        .addStackTable(Stack.newBuilder().addLocationIndices(1))
        .addStackTable(Stack.newBuilder().addLocationIndices(1).addLocationIndices(1))
        .build();
  }

  private Span span() {
    long start = time();
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(id(16))
            .setSpanId(id(8))
            .setParentSpanId(random.nextInt(5) == 0 ? ByteString.EMPTY : id(8))
            .setFlags(0x101)
            .setName("GET /api/v1/customers/{id}/orders")
            .setKind(Span.SpanKind.forNumber(1 + random.nextInt(5)))
            .setStartTimeUnixNano(start)
            .setEndTimeUnixNano(start + random.nextInt(100_000_000))
            .addAttributes(text("http.request.method", "GET"))
            .addAttributes(text("url.path", "/api/v1/customers/" + random.nextInt(1 << 20)))
            .addAttributes(text("url.scheme", "https"))
            .addAttributes(text("server.address", "checkout.prod.example.com"))
            .addAttributes(number("server.port", 8443))
            .addAttributes(number("http.response.status_code", random.nextInt(10) == 0 ? 500 : 200))
            .addAttributes(text("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) Gecko"))
            .addAttributes(number("thread.id", random.nextInt(200)))
            .addAttributes(text("thread.name", "reactor-http-epoll-" + random.nextInt(8)));
    if (random.nextInt(3) == 0) {
      span.addEvents(
          Span.Event.newBuilder()
              .setTimeUnixNano(start + 1000)
              .setName("exception")
              .addAttributes(text("exception.type", "java.net.SocketTimeoutException"))
              .addAttributes(text("exception.message", "Read timed out after 30000 ms")));
      span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
    }
    if (random.nextInt(10) == 0) {
      span.addLinks(Span.Link.newBuilder().setTraceId(id(16)).setSpanId(id(8)).setFlags(0x301));
    }
    return span.build();
  }

  private LogRecord logRecord() {
    long time = time();
    LogRecord.Builder log =
        LogRecord.newBuilder()
            .setTimeUnixNano(time)
            .setObservedTimeUnixNano(time + 4321)
            .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_INFO)
            .setSeverityText("INFO")
            .setBody(
                value("Order " + random.nextInt(1 << 24) + " accepted for processing in 12 ms"))
            .addAttributes(text("log.iostream", "stdout"))
            .addAttributes(text("thread.name", "http-nio-8080-exec-" + random.nextInt(16)))
            .addAttributes(text("code.function.name", "com.example.checkout.OrderService.accept"))
            .addAttributes(number("code.line.number", random.nextInt(400)))
            .setTraceId(id(16))
            .setSpanId(id(8))
            .setFlags(1);
    if (random.nextInt(8) == 0) {
      KeyValueList json =
          KeyValueList.newBuilder()
              .addValues(text("event", "cart \"emptied\""))
              .addValues(number("items", random.nextInt(9)))
              .build();
      log.setBody(AnyValue.newBuilder().setKvlistValue(json));
    }
    return log.build();
  }

  private Metric metric(int number, int points) {
    Metric.Builder metric =
        Metric.newBuilder()
            .setName("http.server.request.duration." + number)
            .setDescription("Duration of HTTP server requests.")
            .setUnit("s");
    switch (number % 10) {
      case 0 -> metric.setHistogram(histogram(points));
      case 1 -> metric.setExponentialHistogram(exponentialHistogram(points));
      case 2 -> metric.setSummary(summary(points));
      case 3, 4, 5 -> {
        Gauge.Builder gauge = Gauge.newBuilder();
        for (int i = 0; i < points; i++) {
          gauge.addDataPoints(point().setAsDouble(random.nextDouble()));
        }
        metric.setGauge(gauge);
      }
      default -> {
        Sum.Builder sum =
            Sum.newBuilder()
                .setIsMonotonic(true)
                .setAggregationTemporality(
                    AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
        for (int i = 0; i < points; i++) {
          sum.addDataPoints(point().setAsInt(random.nextInt(1 << 20)));
        }
        metric.setSum(sum);
      }
    }
    return metric.build();
  }

  private NumberDataPoint.Builder point() {
    NumberDataPoint.Builder point =
        NumberDataPoint.newBuilder().setStartTimeUnixNano(NOW).setTimeUnixNano(time());
    point.addAttributes(text("http.request.method", "GET"));
    point.addAttributes(text("http.route", "/api/v1/customers/{id}/orders"));
    point.addAttributes(number("http.response.status_code", 200 + random.nextInt(10)));
    point.addAttributes(text("network.protocol.version", "1.1"));
    return point;
  }

  private Histogram histogram(int points) {
    Histogram.Builder histogram =
        Histogram.newBuilder()
            .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
    for (int p = 0; p < points; p++) {
      HistogramDataPoint.Builder point =
          HistogramDataPoint.newBuilder()
              .setStartTimeUnixNano(NOW)
              .setTimeUnixNano(time())
              .setCount(random.nextInt(1000))
              .setSum(random.nextDouble() * 100)
              .setMin(0.001)
              .setMax(2.5)
              .addAttributes(text("http.route", "/api/v1/orders"));
      for (int i = 0; i < 15; i++) {
        point.addBucketCounts(random.nextInt(100));
      }
      for (int i = 0; i < 14; i++) {
        point.addExplicitBounds(0.005 * (1 << i));
      }
      point.addExemplars(
          Exemplar.newBuilder().setTimeUnixNano(NOW).setAsDouble(0.2).setTraceId(id(16)));
      histogram.addDataPoints(point);
    }
    return histogram.build();
  }

  private ExponentialHistogram exponentialHistogram(int points) {
    ExponentialHistogram.Builder histogram = ExponentialHistogram.newBuilder();
    histogram.setAggregationTemporalityValue(2);
    for (int p = 0; p < points; p++) {
      ExponentialHistogramDataPoint.Buckets.Builder buckets =
          ExponentialHistogramDataPoint.Buckets.newBuilder().setOffset(-7);
      for (int i = 0; i < 20; i++) {
        buckets.addBucketCounts(random.nextInt(300));
      }
      histogram.addDataPoints(
          ExponentialHistogramDataPoint.newBuilder()
              .setTimeUnixNano(time())
              .setCount(55)
              .setSum(1.5)
              .setScale(3)
              .setPositive(buckets)
              .addAttributes(text("rpc.method", "Reserve")));
    }
    return histogram.build();
  }

  private Summary summary(int points) {
    Summary.Builder summary = Summary.newBuilder();
    for (int p = 0; p < points; p++) {
      summary.addDataPoints(
          SummaryDataPoint.newBuilder()
              .setTimeUnixNano(time())
              .setCount(10)
              .setSum(3.25)
              .addQuantileValues(
                  SummaryDataPoint.ValueAtQuantile.newBuilder().setQuantile(0.99).setValue(0.7)));
    }
    return summary.build();
  }

  private Resource resource() {
    return Resource.newBuilder()
        .addAttributes(text("service.name", "checkout"))
        .addAttributes(text("service.version", "2.14.1"))
        .addAttributes(text("service.instance.id", "627cc493-f310-47de-96bd-71410b7dec09"))
        .addAttributes(text("telemetry.sdk.name", "opentelemetry"))
        .addAttributes(text("telemetry.sdk.language", "java"))
        .addAttributes(text("telemetry.sdk.version", "1.55.0"))
        .addAttributes(text("k8s.namespace.name", "prod"))
        .addAttributes(text("k8s.pod.name", "checkout-7d9f6c5b8-x2x9z"))
        .addAttributes(number("process.pid", 1))
        .addAttributes(
            KeyValue.newBuilder()
                .setKey("process.command_args")
                .setValue(
                    AnyValue.newBuilder()
                        .setArrayValue(
                            ArrayValue.newBuilder()
                                .addValues(value("/usr/bin/java"))
                                .addValues(value("-Xmx2g")))))
        .build();
  }

  private static InstrumentationScope scope(String name) {
    return InstrumentationScope.newBuilder().setName(name).setVersion("2.20.1-alpha").build();
  }

  private long time() {
    return NOW + random.nextInt(1_000_000_000);
  }

  private ByteString id(int length) {
    byte[] id = new byte[length];
    random.nextBytes(id);
    return ByteString.copyFrom(id);
  }

  private static KeyValue text(String key, String text) {
    return KeyValue.newBuilder().setKey(key).setValue(value(text)).build();
  }

  private static KeyValue number(String key, long number) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(number))
        .build();
  }

  private static AnyValue value(String text) {
    return AnyValue.newBuilder().setStringValue(text).build();
  }
}
