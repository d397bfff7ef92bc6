package io.sluice.writer.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.wal.DurableLog;
import io.sluice.wal.LogUsage;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.RecordCounts;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.persist.Persister;
import io.sluice.writer.persist.TimeToFull;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/**
 * What a Writer says of itself, as fields of a JSON object.
 *
 * @param address where it is reached over Flight
 * @param gate whether what it was given can be read
 * @param timeToFull of the log
 */
public record WriterStatus(
    String writer,
    String address,
    ReadGate gate,
    DurableLog log,
    ChunkBuffer buffer,
    Persister persister,
    TimeToFull timeToFull) {

  /** Writes fields into an open object. */
  @FunctionalInterface
  public interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  void writeLogs(JsonGenerator out) throws IOException {
    out.writeStringField("writer", writer);
    out.writeArrayFieldStart("logs");
    out.writeStartObject();
    out.writeNumberField("number", 0);
    out.writeStringField("id", log.id().toString());
    out.writeStringField("leader", address);
    out.writeNumberField("first", log.firstPosition());
    out.writeNumberField("applied", buffer.applied());
    out.writeEndObject();
    out.writeEndArray();
  }

  /** All of it. */
  public void write(JsonGenerator out) throws IOException {
    out.writeStringField("writer", writer);
    String waitsFor = gate.waitsFor();
    out.writeBooleanField("ready", waitsFor == null);
    if (waitsFor != null) {
      out.writeStringField("readsWaitFor", waitsFor);
    }
    out.writeObjectFieldStart("log");
    out.writeStringField("id", log.id().toString());
    out.writeNumberField("first", log.firstPosition());
    out.writeNumberField("applied", buffer.applied());
    out.writeNumberField("promised", log.promisedPosition());
    LogUsage usage = log.usage();
    out.writeNumberField("usedBytes", usage.usedBytes());
    out.writeNumberField("budgetBytes", usage.budgetBytes());
    out.writeNumberField("roomBytes", usage.roomBytes());
    out.writeNumberField("secondsToFull", timeToFull.seconds());
    out.writeEndObject();
    out.writeArrayFieldStart("tables");
    List<TableBuffer> tables =
        buffer.tables().stream()
            .sorted(Comparator.comparing(table -> table.key().toString()))
            .toList();
    RecordCounts all = RecordCounts.NONE;
    for (TableBuffer table : tables) {
      RecordCounts records = table.records();
      write(out, table, records);
      all = all.plus(records);
    }
    out.writeEndArray();
    writeLedger(out, all);
  }

  private void write(JsonGenerator out, TableBuffer table, RecordCounts records)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("tenant", table.key().tenant());
    out.writeStringField("table", table.key().table().tableName());
    out.writeNumberField("hotRows", records.hot());
    out.writeNumberField("hotBytes", table.bytes());
    out.writeNumberField("loggedRows", table.loggedRows());
    out.writeNumberField("parkedRows", table.parkedRows());
    out.writeNumberField("persistedPosition", table.mark());
    out.writeNumberField("persistedRows", records.persisted());
    String failure = persister.failures().get(table.key());
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
