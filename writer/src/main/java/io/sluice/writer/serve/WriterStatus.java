package io.sluice.writer.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.wal.DurableLog;
import io.sluice.wal.LogUsage;
import io.sluice.writer.buffer.RecordCounts;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.persist.Holds;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a Writer says of itself, as fields of a JSON object. Where the cluster has several logs,
 * each is told of, and which one a table's rows are of; {@code log} is then the first.
 *
 * @param address where it is reached over Flight
 * @param holds whether it is held for a copy
 */
public record WriterStatus(String writer, String address, ServedLogs logs, Holds holds) {

  /** Writes fields into an open object. */
  @FunctionalInterface
  public interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  /**
   * Where logs are and who leads them.
   *
   * @param members who has them, too, and on which disk: nothing that readers need
   */
  void writeLogs(JsonGenerator out, boolean members) throws IOException {
    out.writeStringField("writer", writer);
    out.writeStringField("address", address);
    if (members) {
      logs.cluster().writeSelf(out);
    }
    out.writeNumberField("cluster", logs.count());
    out.writeArrayFieldStart("logs");
    for (ServedLog log : logs.hosted()) {
      out.writeStartObject();
      out.writeNumberField("number", log.number());
      out.writeStringField("id", log.log().id().toString());
      writeLead(out, log);
      if (members) {
        logs.cluster().writeMembers(out, log.number());
      }
      out.writeNumberField("first", log.log().firstPosition());
      out.writeNumberField("applied", log.buffer().applied());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void writeLead(JsonGenerator out, ServedLog log) throws IOException {
    out.writeNumberField("term", log.log().leadership().term());
    String leader = log.leader(address);
    if (!leader.isEmpty()) {
      out.writeStringField("leader", leader);
    }
    out.writeBooleanField("leads", log.leads());
  }

  /** All of it. */
  public void write(JsonGenerator out) throws IOException {
    List<ServedLog> hosted = logs.hosted();
    out.writeStringField("writer", writer);
    String waitsFor = waitsFor(hosted);
    out.writeBooleanField("ready", waitsFor == null);
    if (waitsFor != null) {
      out.writeStringField("readsWaitFor", waitsFor);
    }
    long held = holds.heldSeconds();
    if (held >= 0) {
      out.writeNumberField("heldSeconds", held);
    }
    if (!hosted.isEmpty()) {
      out.writeObjectFieldStart("log");
      writeUse(out, hosted.get(0));
      out.writeEndObject();
    }
    if (logs.count() > 1) {
      out.writeNumberField("cluster", logs.count());
      out.writeArrayFieldStart("logs");
      for (ServedLog log : hosted) {
        out.writeStartObject();
        out.writeNumberField("number", log.number());
        writeLead(out, log);
        writeUse(out, log);
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    out.writeArrayFieldStart("tables");
    RecordCounts all = RecordCounts.NONE;
    for (ServedLog log : hosted) {
      all = all.plus(writeTables(out, log));
    }
    out.writeEndArray();
    writeLedger(out, all);
  }

  private @Nullable String waitsFor(List<ServedLog> hosted) {
    for (ServedLog log : hosted) {
      String why = log.gate().waitsFor();
      if (why != null) {
        return logs.count() == 1 ? why : "log %d: %s".formatted(log.number(), why);
      }
    }
    return null;
  }

  private static void writeUse(JsonGenerator out, ServedLog served) throws IOException {
    DurableLog log = served.log();
    out.writeStringField("id", log.id().toString());
    out.writeNumberField("first", log.firstPosition());
    out.writeNumberField("applied", served.buffer().applied());
    out.writeNumberField("promised", log.promisedPosition());
    LogUsage usage = log.usage();
    out.writeNumberField("usedBytes", usage.usedBytes());
    out.writeNumberField("budgetBytes", usage.budgetBytes());
    out.writeNumberField("roomBytes", usage.roomBytes());
    out.writeNumberField("secondsToFull", served.timeToFull().seconds());
  }

  private RecordCounts writeTables(JsonGenerator out, ServedLog log) throws IOException {
    List<TableBuffer> tables =
        log.buffer().tables().stream()
            .sorted(Comparator.comparing(table -> table.key().toString()))
            .toList();
    RecordCounts all = RecordCounts.NONE;
    for (TableBuffer table : tables) {
      RecordCounts records = table.records();
      write(out, log, table, records);
      all = all.plus(records);
    }
    return all;
  }

  private void write(JsonGenerator out, ServedLog log, TableBuffer table, RecordCounts records)
      throws IOException {
    out.writeStartObject();
    if (logs.count() > 1) {
      out.writeNumberField("log", log.number());
    }
    out.writeStringField("tenant", table.key().tenant());
    out.writeStringField("table", table.key().table().tableName());
    out.writeNumberField("hotRows", records.hot());
    out.writeNumberField("hotBytes", table.bytes());
    out.writeNumberField("loggedRows", table.loggedRows());
    out.writeNumberField("parkedRows", table.parkedRows());
    out.writeNumberField("persistedPosition", table.mark());
    out.writeNumberField("persistedRows", records.persisted());
    String failure = log.persister().failures().get(table.key());
    if (failure != null) {
      out.writeStringField("failure", failure);
    }
    writeLedger(out, records);
    out.writeEndObject();
  }

  private static void writeLedger(JsonGenerator out, RecordCounts records) throws IOException {
    out.writeObjectFieldStart("ledger");
    out.writeNumberField("taken", records.taken());
    out.writeNumberField("replayed", records.replayed());
    out.writeNumberField("hot", records.hot());
    out.writeNumberField("persisted", records.persisted());
    out.writeNumberField("parked", records.parked());
    out.writeNumberField("deduplicated", records.deduplicated());
    out.writeEndObject();
  }
}
