package io.sluice.bench.torture.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.sluice.bench.record.RunKeys;
import java.util.Collection;
import java.util.Objects;

/** The SDK's exporter, with notes of what it says. */
record NotedLogs(LogRecordExporter exporter, RunKeys keys, KeyNotes notes)
    implements LogRecordExporter {

  @Override
  public CompletableResultCode export(Collection<LogRecordData> records) {
    CompletableResultCode result = exporter.export(records);
    notes.exported(
        records.stream()
            .map(record -> Objects.requireNonNull(record.getAttributes().get(SdkLoad.KEY)))
            .map(text -> keys.ofText(text).orElseThrow())
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
