package io.sluice.writer;

import io.opentelemetry.api.common.Attributes;
import io.sluice.lake.Lake;
import io.sluice.lake.s3.S3Counters;
import io.sluice.lake.s3.S3Files;
import io.sluice.schema.service.Telemetry;
import java.util.function.ToLongFunction;

/** What a Writer's metrics page shows of an object store; all 0 if the warehouse is in none. */
final class StoreMeters {

  private final Telemetry telemetry;
  private final WriterCatalog catalog;

  private StoreMeters(Telemetry telemetry, WriterCatalog catalog) {
    this.telemetry = telemetry;
    this.catalog = catalog;
  }

  static void register(Telemetry telemetry, WriterCatalog catalog) {
    StoreMeters store = new StoreMeters(telemetry, catalog);
    store.counter("calls", "{request}", "requests, each with its retries", S3Counters::calls);
    store.counter("retries", "{request}", "requests sent again", S3Counters::retries);
    store.counter("failures", "{request}", "requests that failed for good", S3Counters::failures);
    store.counter(
        "resumed_reads",
        "{read}",
        "answers that broke off, asked for again",
        S3Counters::resumedReads);
    store.counter(
        "left_uploads", "{upload}", "failed uploads whose parts are left", S3Counters::leftUploads);
    store.counter(
        "renewed_keys", "{key}", "keys called expired, found anew", S3Counters::renewedKeys);
  }

  private void counter(String name, String unit, String what, ToLongFunction<S3Counters> count) {
    telemetry.counter(
        "sluice.s3." + name,
        unit,
        what,
        Attributes.empty(),
        () -> {
          Lake open = catalog.known();
          return open != null && open.io() instanceof S3Files files
              ? count.applyAsLong(files.counters())
              : 0;
        });
  }
}
