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
 * @param applied the log's position up to which rows are readable
 * @param ledger records since the process started, by what became of them
 * @param json the answer itself
 */
public record WriterStatus(
    String writer,
    @Nullable String waitsFor,
    String log,
    long applied,
    long usedBytes,
    long budgetBytes,
    List<TableStatus> tables,
    Map<String, Long> ledger,
    String json) {

  public WriterStatus {
    tables = List.copyOf(tables);
  }

  /**
   * What a Writer has of a table.
   *
   * @param persistedPosition the table's mark for the Writer's log
   * @param failure why it cannot persist now; null if it can
   */
  public record TableStatus(
      String tenant,
      String table,
      long hotRows,
      long hotBytes,
      long persistedPosition,
      @Nullable String failure) {}

  /** Reads the answer to DoAction {@code status}. */
  static WriterStatus parse(byte[] answer) throws ReadException {
    String json = new String(answer, StandardCharsets.UTF_8);
    try {
      Map<?, ?> status = Json.object(Json.parse(answer));
      Map<?, ?> log = Json.object(status.get("log"));
      List<TableStatus> tables = new ArrayList<>();
      Json.list(status.get("tables")).forEach(table -> tables.add(table(Json.object(table))));
      Map<String, Long> ledger = new LinkedHashMap<>();
      Json.object(status.get("ledger"))
          .forEach(
              (what, records) -> ledger.put(Json.text(what), Long.valueOf(Json.text(records))));
      return new WriterStatus(
          Json.text(status.get("writer")),
          waitsFor(status),
          Json.text(log.get("id")),
          number(log, "applied"),
          number(log, "usedBytes"),
          number(log, "budgetBytes"),
          tables,
          ledger,
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
        number(table, "persistedPosition"),
        failure.isEmpty() ? null : failure);
  }

  private static long number(Map<?, ?> object, String name) {
    return Long.parseLong(Json.text(object.get(name)));
  }
}
