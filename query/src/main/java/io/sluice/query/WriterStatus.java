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
 * @param heldSeconds since it is held for a copy; below 0 if it is not
 * @param logs those that it holds
 * @param ledger of all its records
 * @param json the answer itself
 */
public record WriterStatus(
    String writer,
    @Nullable String waitsFor,
    long heldSeconds,
    List<LogStatus> logs,
    List<TableStatus> tables,
    RecordLedger ledger,
    String json) {

  public WriterStatus {
    logs = List.copyOf(logs);
    tables = List.copyOf(tables);
  }

  /**
   * A log as a Writer has it.
   *
   * @param number in the cluster, from 0
   * @param leads whether the Writer leads it
   * @param first the lowest position that the log has
   * @param applied the log's position up to which rows are readable
   * @param secondsToFull until the log has no room, at its present rate; below 0 if it does not
   *     fill
   */
  public record LogStatus(
      int number,
      String id,
      boolean leads,
      long first,
      long applied,
      long usedBytes,
      long budgetBytes,
      long secondsToFull) {}

  /**
   * What a Writer has of a table, in one log.
   *
   * @param log number of the log
   * @param loggedRows hot rows that are in the log only
   * @param persistedPosition the table's mark for the Writer's log
   * @param ledger of its records; empty if the Writer is too old to tell
   * @param failure why it cannot persist now; null if it can
   */
  public record TableStatus(
      String tenant,
      String table,
      int log,
      long hotRows,
      long hotBytes,
      long loggedRows,
      long persistedPosition,
      RecordLedger ledger,
      @Nullable String failure) {}

  /** The log of a Writer that has one, or its first; it must hold any. */
  public LogStatus log() {
    return logs.get(0);
  }

  /** Whether it leads a log: what it has of another is its leader's, too. */
  public boolean leads(int number) {
    return logs.stream().anyMatch(log -> log.number() == number && log.leads());
  }

  /** Reads the answer to DoAction {@code status}. */
  static WriterStatus parse(byte[] answer) throws ReadException {
    String json = new String(answer, StandardCharsets.UTF_8);
    try {
      Map<?, ?> status = Json.object(Json.parse(answer));
      List<LogStatus> logs = new ArrayList<>();
      Json.list(status.get("logs")).forEach(log -> logs.add(log(Json.object(log))));
      if (logs.isEmpty() && status.containsKey("log")) { // of a Writer that has one
        logs.add(log(Json.object(status.get("log"))));
      }
      List<TableStatus> tables = new ArrayList<>();
      Json.list(status.get("tables")).forEach(table -> tables.add(table(Json.object(table))));
      return new WriterStatus(
          Json.text(status.get("writer")),
          waitsFor(status),
          number(status, "heldSeconds", -1),
          logs,
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

  private static LogStatus log(Map<?, ?> log) {
    return new LogStatus(
        (int) number(log, "number", 0),
        Json.text(log.get("id")),
        !log.containsKey("leads") || Json.text(log.get("leads")).equals("true"),
        number(log, "first", 0),
        number(log, "applied", 0),
        number(log, "usedBytes", 0),
        number(log, "budgetBytes", 0),
        number(log, "secondsToFull", -1));
  }

  private static TableStatus table(Map<?, ?> table) {
    String failure = Json.text(table.get("failure"));
    return new TableStatus(
        Json.text(table.get("tenant")),
        Json.text(table.get("table")),
        (int) number(table, "log", 0),
        number(table, "hotRows", 0),
        number(table, "hotBytes", 0),
        number(table, "loggedRows", 0),
        number(table, "persistedPosition", 0),
        table.containsKey("ledger") ? ledger(table) : RecordLedger.NONE,
        failure.isEmpty() ? null : failure);
  }

  private static RecordLedger ledger(Map<?, ?> of) {
    Map<String, Long> records = new LinkedHashMap<>();
    Json.object(of.get("ledger"))
        .forEach((what, count) -> records.put(Json.text(what), Long.valueOf(Json.text(count))));
    return new RecordLedger(records);
  }

  private static long number(Map<?, ?> object, String name, long absent) {
    return object.containsKey(name) ? Long.parseLong(Json.text(object.get(name))) : absent;
  }
}
