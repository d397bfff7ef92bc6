package io.sluice.acceptor.transcode;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.table.Signal;
import java.nio.charset.StandardCharsets;

/** JSON to messages, by way of the transcoder and protobuf-java. */
final class Transcoding {

  static final int LIMIT = 64 << 20;

  /** Counts what is in memory, and refuses what is beyond the limit. */
  static final class Counter implements Room {
    private final long limit;
    long used;
    long most;

    Counter(long limit) {
      this.limit = limit;
    }

    @Override
    public boolean use(long more) {
      if (used + more > limit) {
        return false;
      }
      used += more;
      most = Math.max(most, used);
      return true;
    }

    @Override
    public void free(long less) {
      used -= less;
    }
  }

  static Transcoded transcode(Signal signal, byte[] json) throws TranscodeException {
    return Transcoder.transcode(signal, json, json.length, LIMIT, new Counter(Long.MAX_VALUE));
  }

  static ByteString wire(Signal signal, byte[] json) throws TranscodeException {
    Transcoded wire = transcode(signal, json);
    return ByteString.copyFrom(wire.array(), 0, wire.length());
  }

  static Message message(Signal signal, String json) throws Exception {
    return prototype(signal)
        .getParserForType()
        .parseFrom(wire(signal, json.getBytes(StandardCharsets.UTF_8)));
  }

  static Message prototype(Signal signal) {
    return switch (signal) {
      case TRACES -> ExportTraceServiceRequest.getDefaultInstance();
      case LOGS -> ExportLogsServiceRequest.getDefaultInstance();
      case METRICS -> ExportMetricsServiceRequest.getDefaultInstance();
      case PROFILES -> ExportProfilesServiceRequest.getDefaultInstance();
    };
  }

  /** What is said of JSON that is not taken. */
  static String fault(Signal signal, byte[] json) {
    TranscodeException e =
        catchThrowableOfType(TranscodeException.class, () -> transcode(signal, json));
    if (e == null) {
      throw new AssertionError("taken: " + new String(json, StandardCharsets.UTF_8));
    }
    if (e.reason() != TranscodeException.Reason.MALFORMED) {
      throw new AssertionError(e);
    }
    return e.getMessage();
  }

  static String fault(Signal signal, String json) {
    return fault(signal, json.getBytes(StandardCharsets.UTF_8));
  }

  static String spanJson(String fields) {
    return "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{" + fields + "}]}]}]}";
  }

  static String logJson(String fields) {
    return "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{" + fields + "}]}]}]}";
  }

  static String metricJson(String fields) {
    return "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{" + fields + "}]}]}]}";
  }

  static Span span(String fields) throws Exception {
    return ((ExportTraceServiceRequest) message(Signal.TRACES, spanJson(fields)))
        .getResourceSpans(0)
        .getScopeSpans(0)
        .getSpans(0);
  }

  static LogRecord log(String fields) throws Exception {
    return ((ExportLogsServiceRequest) message(Signal.LOGS, logJson(fields)))
        .getResourceLogs(0)
        .getScopeLogs(0)
        .getLogRecords(0);
  }

  static Metric metric(String fields) throws Exception {
    return ((ExportMetricsServiceRequest) message(Signal.METRICS, metricJson(fields)))
        .getResourceMetrics(0)
        .getScopeMetrics(0)
        .getMetrics(0);
  }

  static String spanFault(String fields) {
    return fault(Signal.TRACES, spanJson(fields));
  }

  static String logFault(String fields) {
    return fault(Signal.LOGS, logJson(fields));
  }

  private Transcoding() {}
}
