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
    store.counter("sluice.s3.calls", S3Counters::calls);
    store.counter("sluice.s3.retries", S3Counters::retries);
    store.counter("sluice.s3.failures", S3Counters::failures);
    store.counter("sluice.s3.resumed_reads", S3Counters::resumedReads);
    store.counter("sluice.s3.left_uploads", S3Counters::leftUploads);
    store.counter("sluice.s3.renewed_keys", S3Counters::renewedKeys);
  }

  private void counter(String name, ToLongFunction<S3Counters> count) {
    telemetry.counter(
        name,
        Attributes.empty(),
        () -> {
          Lake open = catalog.known();
          return open != null && open.io() instanceof S3Files files
              ? count.applyAsLong(files.counters())
              : 0;
        });
  }
}
