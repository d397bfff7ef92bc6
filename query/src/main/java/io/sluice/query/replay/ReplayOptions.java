package io.sluice.query.replay;

import io.sluice.query.RowFilter;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to replay.
 *
 * @param tenant whose rows
 * @param tables one after the other
 * @param target null: nothing is sent, only counted
 * @param rate records a second; 0 = as fast as answers come
 * @param batch records in a request, at most
 * @param batchBytes bytes of a request, at most, unless one record has more
 * @param outstanding requests under way at a time
 * @param patience how long one request is tried again
 * @param skipRefused whether to go on after a request that was refused for good
 * @param checkpoint how far it is; null: it is not kept
 */
public record ReplayOptions(
    String tenant,
    List<Table> tables,
    RowFilter filter,
    @Nullable Target target,
    double rate,
    int batch,
    long batchBytes,
    int outstanding,
    Duration patience,
    boolean skipRefused,
    @Nullable Path checkpoint) {

  public ReplayOptions {
    tables = List.copyOf(tables);
    require(rate >= 0 && Double.isFinite(rate), "rate: " + rate + " (records a second; 0 = full)");
    require(batch > 0 && batch <= 100_000, "batch: " + batch + " (1 to 100000 records)");
    require(
        batchBytes >= 1024 && batchBytes <= 64 << 20,
        "batch of " + batchBytes + " (1KiB to 64MiB)");
    require(
        outstanding > 0 && outstanding <= 64,
        "outstanding: " + outstanding + " (1 to 64 requests)");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("cannot use " + what);
    }
  }

  /** What must be the same when it goes on: requests are then cut at the same rows. */
  Map<String, String> asked() {
    Map<String, String> asked = new LinkedHashMap<>();
    asked.put("to", target == null ? "" : target.endpoint().toString());
    asked.put("protocol", target == null ? "" : target.protocol());
    asked.put("tenant", tenant);
    asked.put("tables", String.join(",", tables.stream().map(Table::tableName).toList()));
    asked.put("from", filter.from() == null ? "" : filter.from().toString());
    asked.put("until", filter.until() == null ? "" : filter.until().toString());
    asked.put("where", filter.where() == null ? "" : filter.where());
    asked.put("batch", Integer.toString(batch));
    asked.put("batch-bytes", Long.toString(batchBytes));
    return asked;
  }
}
