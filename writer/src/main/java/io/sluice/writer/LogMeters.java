package io.sluice.writer;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import io.sluice.wal.DurableLog;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.RecordCounts;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.persist.TimeToFull;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * What a Writer's metrics page shows of one log, and the ledger of its tables. Where the cluster
 * has several logs, each meter says of which one it is.
 */
final class LogMeters implements AutoCloseable {

  private final Telemetry telemetry;
  private final Attributes log;
  private final Map<String, Set<Attributes>> registered = new ConcurrentHashMap<>();

  /**
   * @param number of the log
   * @param count of the cluster's logs
   */
  LogMeters(Telemetry telemetry, int number, int count) {
    this.telemetry = telemetry;
    this.log = count == 1 ? Attributes.empty() : Attributes.builder().put("log", number).build();
  }

  void register(DurableLog durable, Window window, ChunkBuffer buffer, TimeToFull timeToFull) {
    gauge("sluice.hot.bytes", "By", "memory of rows, with those in their grace", buffer::bytes);
    gauge("sluice.wal.used", "By", "disk the log's records use", () -> durable.usage().usedBytes());
    gauge("sluice.wal.spare", "By", "files kept for them", () -> durable.usage().spareBytes());
    gauge("sluice.wal.budget", "By", "disk the log may use", () -> durable.usage().budgetBytes());
    gauge(
        "sluice.wal.room",
        "By",
        "records it may still take, by its budget and the disk",
        () -> durable.usage().roomBytes());
    gauge(
        "sluice.wal.time_to_full",
        "s",
        "until there is no room at the rate of the last minute; -1 = it does not fill",
        timeToFull::seconds);
    gauge("sluice.wal.first_position", "1", "lowest position in the log", durable::firstPosition);
    gauge("sluice.wal.applied_position", "1", "highest applied position", buffer::applied);
    gauge(
        "sluice.wal.promised_position",
        "1",
        "records up to here were called stored before they are applied",
        durable::promisedPosition);
    gauge(
        "sluice.wal.lost_positions",
        "1",
        "positions of the log that a repair found lost",
        durable::lostPositions);
    gauge("sluice.window.batches", "{batch}", "batch ids remembered", window::size);
    gauge(
        "sluice.window.evicted_early",
        "{batch}",
        "ids forgotten before their time, there were too many",
        window::evictedEarly);
  }

  private void gauge(String name, String unit, String what, LongSupplier value) {
    telemetry.gauge(registered(name, log), unit, what, log, value);
  }

  /** The ledger of every table, from when it is made. */
  void registerTables(ChunkBuffer buffer) {
    buffer.onTable(this::register);
  }

  private void register(TableBuffer table) {
    Attributes of =
        log.toBuilder()
            .put("tenant", table.key().tenant())
            .put("table", table.key().table().tableName())
            .build();
    counter(of, "taken", "applied records of batches that were sent", table, RecordCounts::taken);
    counter(of, "replayed", "records the log gave back at start", table, RecordCounts::replayed);
    counter(of, "persisted", "records in commits of this process", table, RecordCounts::persisted);
    counter(
        of,
        "deduplicated",
        "records of batches that were repeats",
        table,
        RecordCounts::deduplicated);
    records(of, "hot", "rows no commit holds", () -> table.records().hot());
    records(of, "logged", "hot rows in the log only, not in memory", table::loggedRows);
    records(of, "parked", "rows in the parked log", () -> table.records().parked());
    records(
        of,
        "missing",
        "records that are nowhere: a bug if it is not 0",
        () -> table.records().missing());
  }

  private void counter(
      Attributes of,
      String state,
      String what,
      TableBuffer table,
      ToLongFunction<RecordCounts> count) {
    telemetry.counter(
        registered("sluice.records." + state, of),
        "{record}",
        what,
        of,
        () -> count.applyAsLong(table.records()));
  }

  private void records(Attributes of, String state, String what, LongSupplier value) {
    telemetry.gauge(registered("sluice.records." + state, of), "{record}", what, of, value);
  }

  private String registered(String name, Attributes of) {
    registered.computeIfAbsent(name, n -> ConcurrentHashMap.newKeySet()).add(of);
    return name;
  }

  /** The log is not here any more: nothing is shown of it. */
  @Override
  public void close() {
    registered.forEach((name, all) -> all.forEach(of -> telemetry.withdraw(name, of)));
  }
}
