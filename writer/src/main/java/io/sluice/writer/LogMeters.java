package io.sluice.writer;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import io.sluice.wal.DurableLog;
import io.sluice.wal.Leadership;
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
    gauge("sluice.hot.bytes", buffer::bytes);
    gauge("sluice.wal.used", () -> durable.usage().usedBytes());
    gauge("sluice.wal.spare", () -> durable.usage().spareBytes());
    gauge("sluice.wal.budget", () -> durable.usage().budgetBytes());
    gauge("sluice.wal.room", () -> durable.usage().roomBytes());
    gauge("sluice.wal.time_to_full", timeToFull::seconds);
    gauge("sluice.wal.first_position", durable::firstPosition);
    gauge("sluice.wal.applied_position", buffer::applied);
    gauge("sluice.wal.promised_position", durable::promisedPosition);
    gauge("sluice.wal.lost_positions", durable::lostPositions);
    gauge("sluice.window.batches", window::size);
    gauge("sluice.window.evicted_early", window::evictedEarly);
    gauge("sluice.log.leads", () -> durable.leadership().leads() ? 1 : 0);
    gauge("sluice.log.leader_known", () -> isLed(durable.leadership()) ? 1 : 0);
  }

  private static boolean isLed(Leadership lead) {
    return lead.leads() || lead.leader() != null;
  }

  private void gauge(String name, LongSupplier value) {
    telemetry.gauge(registered(name, log), log, value);
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
    counter(of, "taken", table, RecordCounts::taken);
    counter(of, "replayed", table, RecordCounts::replayed);
    counter(of, "persisted", table, RecordCounts::persisted);
    counter(of, "deduplicated", table, RecordCounts::deduplicated);
    records(of, "hot", () -> table.records().hot());
    records(of, "logged", table::loggedRows);
    records(of, "parked", () -> table.records().parked());
    records(of, "missing", () -> table.records().missing());
  }

  private void counter(
      Attributes of, String state, TableBuffer table, ToLongFunction<RecordCounts> count) {
    telemetry.counter(
        registered("sluice.records." + state, of), of, () -> count.applyAsLong(table.records()));
  }

  private void records(Attributes of, String state, LongSupplier value) {
    telemetry.gauge(registered("sluice.records." + state, of), of, value);
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
