package io.sluice.writer.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.wal.DurableLog;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.persist.Persister;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/**
 * What a Writer says of itself, as fields of a JSON object.
 *
 * @param address where it is reached over Flight
 * @param gate whether what it was given can be read
 */
public record WriterStatus(
    String writer,
    String address,
    ReadGate gate,
    DurableLog log,
    ChunkBuffer buffer,
    Persister persister,
    Ledger ledger) {

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
    out.writeNumberField("usedBytes", log.usage().usedBytes());
    out.writeNumberField("budgetBytes", log.usage().budgetBytes());
    out.writeEndObject();
    out.writeArrayFieldStart("tables");
    List<TableBuffer> tables =
        buffer.tables().stream()
            .sorted(Comparator.comparing(table -> table.key().toString()))
            .toList();
    for (TableBuffer table : tables) {
      write(out, table);
    }
    out.writeEndArray();
    writeLedger(out);
  }

  private void write(JsonGenerator out, TableBuffer table) throws IOException {
    out.writeStartObject();
    out.writeStringField("tenant", table.key().tenant());
    out.writeStringField("table", table.key().table().tableName());
    out.writeNumberField("hotRows", table.hotRows());
    out.writeNumberField("hotBytes", table.bytes());
    out.writeNumberField("loggedRows", table.loggedRows());
    out.writeNumberField("parkedRows", table.parkedRows());
    out.writeNumberField("persistedPosition", table.mark());
    out.writeNumberField("persistedRows", table.persistedRows());
    String failure = persister.failures().get(table.key());
    if (failure != null) {
      out.writeStringField("failure", failure);
    }
    out.writeEndObject();
  }

  private void writeLedger(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("ledger");
    out.writeNumberField("taken", ledger.taken.sum());
    out.writeNumberField("replayed", ledger.replayed.sum());
    out.writeNumberField("hot", buffer.hotRows());
    out.writeNumberField("persisted", ledger.persisted.sum());
    out.writeNumberField("parked", buffer.parkedRows());
    out.writeNumberField("deduplicated", ledger.deduplicated.sum());
    out.writeEndObject();
  }
}
