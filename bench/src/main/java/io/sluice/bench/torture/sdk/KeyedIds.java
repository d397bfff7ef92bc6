package io.sluice.bench.torture.sdk;

import io.opentelemetry.sdk.trace.IdGenerator;
import io.sluice.bench.record.RunKeys;
import java.util.HexFormat;

/** Ids that are the key of the span that is made next. The thread that makes spans owns it. */
final class KeyedIds implements IdGenerator {

  private final RunKeys keys;
  private long key;

  KeyedIds(RunKeys keys) {
    this.keys = keys;
  }

  void next(long nextKey) {
    key = nextKey;
  }

  @Override
  public String generateSpanId() {
    return HexFormat.of().toHexDigits(keys.spanId(key));
  }

  @Override
  public String generateTraceId() {
    return keys.traceId(key);
  }
}
