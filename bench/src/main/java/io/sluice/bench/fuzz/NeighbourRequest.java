package io.sluice.bench.fuzz;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** One trace that nobody else sends. */
final class NeighbourRequest {

  static final int SPANS = 3;

  private final byte[] traceId;
  private final byte[] body;

  NeighbourRequest(long run, long number) {
    this.traceId = ByteBuffer.allocate(16).putLong(run).putLong(number).array();
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    for (int i = 1; i <= SPANS; i++) {
      byte[] spanId = ByteBuffer.allocate(8).putLong(number * SPANS + i).array();
      scope.addSpans(
          Span.newBuilder()
              .setTraceId(ByteString.copyFrom(traceId))
              .setSpanId(ByteString.copyFrom(spanId))
              .setName("neighbour")
              .setStartTimeUnixNano(now)
              .setEndTimeUnixNano(now + i));
    }
    this.body =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
            .build()
            .toByteArray();
  }

  byte[] body() {
    return body;
  }

  String traceId() {
    return HexFormat.of().formatHex(traceId);
  }
}
