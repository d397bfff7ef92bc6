package io.sluice.query;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a Writer says of itself.
 *
 * @param waitsFor what reads wait for now, or why there can be none; null if they need not wait
 * @param first the lowest position that the log has
 * @param applied the log's position up to which rows are readable
 * @param secondsToFull until the log has no room, at its present rate; below 0 if it does not fill
 * @param ledger of all its records
 * @param json the answer itself
 */
public record WriterStatus(
    String writer,
    @Nullable String waitsFor,
    String log,
    long first,
    long applied,
    long usedBytes,
    long budgetBytes,
    long secondsToFull,
    List<TableStatus> tables,
    RecordLedger ledger,
    String json) {

  public WriterStatus {
    tables = List.copyOf(tables);
  }

  /**
   * What a Writer has of a table.
   *
   * @param loggedRows hot rows that are in the log only
   * @param persistedPosition the table's mark for the Writer's log
   * @param ledger of its records; empty if the Writer is too old to tell
   * @param failure why it cannot persist now; null if it can
   */
  public record TableStatus(
      String tenant,
      String table,
      long hotRows,
      long hotBytes,
      long loggedRows,
      long persistedPosition,
      RecordLedger ledger,
      @Nullable String failure) {}

  /** Reads the answer to DoAction {@code status}. */
  static WriterStatus parse(byte[] answer) throws ReadException {
    String json = new String(answer, StandardCharsets.UTF_8);
    try {
      Map<?, ?> status = Json.object(Json.parse(answer));
      Map<?, ?> log = Json.object(status.get("log"));
      List<TableStatus> tables = new ArrayList<>();
      Json.list(status.get("tables")).forEach(table -> tables.add(table(Json.object(table))));
      return new WriterStatus(
          Json.text(status.get("writer")),
          waitsFor(status),
          Json.text(log.get("id")),
          number(log, "first"),
          number(log, "applied"),
          number(log, "usedBytes"),
          number(log, "budgetBytes"),
          log.containsKey("secondsToFull") ? number(log, "secondsToFull") : -1,
          tables,
          ledger(status),
          json);
    } catch (IOException | NumberFormatException e) {
      throw new ReadException("cannot read a Writer's status: " + json, e);
    }
  }

  /** An older Writer only says whether it is ready. */
  private static @Nullable String waitsFor(Map<?, ?> status) throws IOException {
    String why = Json.text(status.get("readsWaitFor"));
    if (!why.isEmpty()) {
      return why;
    }
    return Json.text(status.get("ready")).equals("true") ? null : "not ready yet";
  }

  private static TableStatus table(Map<?, ?> table) {
    String failure = Json.text(table.get("failure"));
    return new TableStatus(
        Json.text(table.get("tenant")),
        Json.text(table.get("table")),
        number(table, "hotRows"),
        number(table, "hotBytes"),
        table.containsKey("loggedRows") ? number(table, "loggedRows") : 0,
        number(table, "persistedPosition"),
        table.containsKey("ledger") ? ledger(table) : RecordLedger.NONE,
        failure.isEmpty() ? null : failure);
  }

  private static RecordLedger ledger(Map<?, ?> of) {
    Map<String, Long> records = new LinkedHashMap<>();
    Json.object(of.get("ledger"))
        .forEach((what, count) -> records.put(Json.text(what), Long.valueOf(Json.text(count))));
    return new RecordLedger(records);
  }

  private static long number(Map<?, ?> object, String name) {
    return Long.parseLong(Json.text(object.get(name)));
  }
}
