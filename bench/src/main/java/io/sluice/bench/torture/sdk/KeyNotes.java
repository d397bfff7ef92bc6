package io.sluice.bench.torture.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.sluice.bench.audit.AckLog;
import io.sluice.bench.record.RunKeys;
import java.util.List;

/**
 * Notes what an exporter was given and what of it was acked, by the records' keys. An export is
 * acked as a whole or not at all. Any thread.
 */
record KeyNotes(AckLog acks, SdkCounts counts) {

  /**
   * @param keys of the exported records
   */
  void exported(List<Long> keys, CompletableResultCode result) {
    counts.exported.addAndGet(keys.size());
    result.whenComplete(
        () -> {
          if (result.isSuccess()) {
            keys.forEach(key -> acks.acked(RunKeys.lane(key), RunKeys.request(key), 1));
            counts.acked.addAndGet(keys.size());
          } else {
            counts.failed.addAndGet(keys.size());
          }
        });
  }
}
