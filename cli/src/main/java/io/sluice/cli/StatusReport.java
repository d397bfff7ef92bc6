package io.sluice.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.query.ClusterLogs;
import io.sluice.query.WriterStatus;
import io.sluice.query.WriterStatus.LogStatus;
import io.sluice.query.WriterStatus.TableStatus;
import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code status} found, for people or as JSON. */
final class StatusReport {

  /** A table in the catalog; rows as its files have them, before delete files. */
  record Persisted(String tenant, String table, long rows, long files, long bytes, String problem) {

    private static final int UNKNOWN = -1;

    static Persisted unknown(String tenant, String table) {
      return new Persisted(tenant, table, UNKNOWN, UNKNOWN, UNKNOWN, "");
    }

    boolean isKnown() {
      return files != UNKNOWN;
    }
  }

  private static final JsonFactory JSON = new JsonFactory();

  private final Map<HostPort, WriterStatus> writers = new LinkedHashMap<>();
  private final Map<HostPort, String> unreachable = new LinkedHashMap<>();
  private final List<Persisted> persisted = new ArrayList<>();
  private @Nullable ClusterLogs logs;
  private String noCatalog = "";
  private String noLogs = "";

  void writer(HostPort address, WriterStatus status) {
    writers.put(address, status);
  }

  void unreachable(HostPort address, String why) {
    unreachable.put(address, why);
  }

  boolean hasWriters() {
    return !writers.isEmpty();
  }

  /** Which logs there are, and who leads them. */
  void logs(ClusterLogs all) {
    logs = all;
  }

  void withoutLogs(String why) {
    noLogs = why;
  }

  void persisted(Persisted table) {
    persisted.add(table);
  }

  /** Nothing, or no more, is known of what is persisted: tables are then those that are hot. */
  void withoutCatalog(String why) {
    noCatalog = why;
    Set<String> known =
        persisted.stream().map(StatusReport::name).collect(Collectors.toCollection(HashSet::new));
    for (WriterStatus writer : writers.values()) {
      for (TableStatus table : writer.tables()) {
        Persisted unknown = Persisted.unknown(table.tenant(), table.table());
        if (known.add(name(unknown))) {
          persisted.add(unknown);
        }
      }
    }
  }

  /**
   * Whether each log has a leader that answered, and the catalog did, and no record is missing. Of
   * a log that is led, one Writer may be away.
   */
  boolean isWhole() {
    return isLed()
        && noCatalog.isEmpty()
        && writers.values().stream().allMatch(writer -> LedgerLines.missing(writer) == 0);
  }

  private static String name(Persisted table) {
    return table.tenant() + "." + table.table();
  }

  void text(PrintWriter out) {
    out.printf(
        "%-42s %12s %12s %14s %8s %12s%n",
        "table", "hot rows", "hot bytes", "persisted rows", "files", "bytes");
    for (Persisted table : persisted) {
      out.printf(
          "%-42s %12s %12s %14s %8s %12s%n",
          name(table),
          isLed() ? hotRows(table) : "?",
          isLed() ? bytes(hotBytes(table)) : "?",
          table.isKnown() ? table.rows() : "?",
          table.isKnown() ? table.files() : "?",
          table.isKnown() ? bytes(table.bytes()) : "?");
      if (!table.problem().isEmpty()) {
        out.println("  not persisted to: " + table.problem());
      }
      hot(table).stream()
          .filter(t -> t.failure() != null)
          .forEach(t -> out.println("  cannot be persisted now: " + t.failure()));
    }
    writers.forEach((address, status) -> writer(out, address, status));
    unreachable.forEach((address, why) -> out.printf("%nWriter %s: %s%n", address, why));
    if (logs != null) {
      ClusterLines.print(out, logs);
    }
    if (!noLogs.isEmpty()) {
      out.printf("%nwho leads which log is not known: %s%n", noLogs);
    }
    if (!noCatalog.isEmpty()) {
      out.printf("%nwhat is persisted is not known: %s%n", noCatalog);
    }
    out.flush();
  }

  private static void writer(PrintWriter out, HostPort address, WriterStatus status) {
    String waitsFor = status.waitsFor();
    out.printf(
        "%nWriter %s at %s: %s%n",
        status.writer(), address, waitsFor == null ? "ready" : "takes; " + waitsFor);
    if (status.heldSeconds() >= 0) {
      out.printf(
          "  held    for a copy since %d s: nothing is committed until it ends%n",
          status.heldSeconds());
    }
    for (LogStatus log : status.logs()) {
      out.printf(
          "  log     %s%s, applied up to %d, %s of %s used%s%n",
          status.logs().size() == 1 ? "" : log.number() + (log.leads() ? " (leads) " : " "),
          log.id(),
          log.applied(),
          bytes(log.usedBytes()),
          bytes(log.budgetBytes()),
          full(log.secondsToFull()));
    }
    LedgerLines.print(out, status);
  }

  /** Nothing if it does not fill, or so slowly that it is no news. */
  private static String full(long seconds) {
    if (seconds < 0 || seconds > 48 * 3_600) {
      return "";
    }
    if (seconds == 0) {
      return ", full";
    }
    String time = seconds < 120 ? seconds + " s" : minutes(seconds / 60);
    return ", full in about %s at this rate".formatted(time);
  }

  private static String minutes(long minutes) {
    return minutes < 120 ? minutes + " min" : minutes / 60 + " h";
  }

  void json(PrintWriter out) throws IOException {
    JsonGenerator json = JSON.createGenerator(out);
    json.writeStartObject();
    json.writeNumberField("v", 1);
    json.writeArrayFieldStart("tables");
    for (Persisted table : persisted) {
      json.writeStartObject();
      json.writeStringField("tenant", table.tenant());
      json.writeStringField("table", table.table());
      if (isLed()) {
        json.writeNumberField("hotRows", hotRows(table));
        json.writeNumberField("hotBytes", hotBytes(table));
      }
      if (table.isKnown()) {
        json.writeNumberField("persistedRows", table.rows());
        json.writeNumberField("files", table.files());
        json.writeNumberField("bytes", table.bytes());
      }
      json.writeStringField("problem", table.problem());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("writers");
    for (Map.Entry<HostPort, WriterStatus> writer : writers.entrySet()) {
      json.writeStartObject();
      json.writeStringField("address", writer.getKey().toString());
      json.writeNumberField("missingRecords", LedgerLines.missing(writer.getValue()));
      json.writeFieldName("status");
      json.writeRawValue(writer.getValue().json());
      json.writeEndObject();
    }
    for (Map.Entry<HostPort, String> writer : unreachable.entrySet()) {
      json.writeStartObject();
      json.writeStringField("address", writer.getKey().toString());
      json.writeStringField("error", writer.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (logs != null) {
      ClusterLines.json(json, logs);
    }
    if (!noLogs.isEmpty()) {
      json.writeStringField("logsError", noLogs);
    }
    if (!noCatalog.isEmpty()) {
      json.writeStringField("catalogError", noCatalog);
    }
    json.writeEndObject();
    json.flush();
    out.println();
    out.flush();
  }

  /** A sum without one leader's rows would be wrong; what Writers have is in their ledgers. */
  private boolean isLed() {
    if (logs == null) {
      return unreachable.isEmpty() && noLogs.isEmpty();
    }
    return logs.logs().stream()
        .allMatch(log -> writers.values().stream().anyMatch(w -> w.leads(log.number())));
  }

  private long hotRows(Persisted table) {
    return hot(table).stream().mapToLong(TableStatus::hotRows).sum();
  }

  private long hotBytes(Persisted table) {
    return hot(table).stream().mapToLong(TableStatus::hotBytes).sum();
  }

  private List<TableStatus> hot(Persisted table) {
    return writers.values().stream()
        .flatMap(writer -> writer.tables().stream().filter(t -> writer.leads(t.log())))
        .filter(t -> t.tenant().equals(table.tenant()) && t.table().equals(table.table()))
        .toList();
  }

  /** As people read them: {@code 1.5 MiB}. */
  static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : "%.1f %s".formatted(value, units[unit]);
  }
}
