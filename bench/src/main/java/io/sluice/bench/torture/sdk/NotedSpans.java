package io.sluice.bench.torture.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.sluice.bench.record.RunKeys;
import java.util.Collection;

/** The SDK's exporter, with notes of what it says. */
record NotedSpans(SpanExporter exporter, RunKeys keys, KeyNotes notes) implements SpanExporter {

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    notes.exported(
        spans.stream()
            .map(span -> keys.keyOfSpan(Long.parseUnsignedLong(span.getSpanId(), 16)))
            .toList(),
        result);
    return result;
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
