package io.sluice.writer.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.persist.FlushFailedException;
import io.sluice.writer.persist.Persister;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;

/** The actions a Writer takes: each answers with one JSON object. */
public final class Actions {

  static final List<ActionType> TYPES =
      List.of(
          new ActionType("logs", "which logs this Writer has, their ids, leaders and positions"),
          new ActionType("status", "tables, rows, log and ledger"),
          new ActionType("flush", "persist what is applied; body: {\"table\":\"traces\"} or none"),
          new ActionType(
              "unpark", "take a table that was begun anew as it is; body: {\"table\":\"traces\"}"));

  private static final JsonFactory JSON = new JsonFactory();
  private static final Duration FLUSH_WAIT = Duration.ofMinutes(5);

  private final WriterStatus status;
  private final ChunkBuffer buffer;
  private final Persister persister;
  private final ReadGate gate;
  private final Unparking unparking;

  /** Lets a table that was begun anew be one that rows go to again. */
  @FunctionalInterface
  public interface Unparking {
    /**
     * What was done, in a sentence.
     *
     * @throws IOException nothing was, and why
     */
    String unpark(TableKey table) throws IOException, InterruptedException;
  }

  public Actions(
      WriterStatus status,
      ChunkBuffer buffer,
      Persister persister,
      ReadGate gate,
      Unparking unparking) {
    this.status = status;
    this.buffer = buffer;
    this.persister = persister;
    this.gate = gate;
    this.unparking = unparking;
  }

  byte[] run(String type, byte[] body) {
    return switch (type) {
      case "logs" -> json(status::writeLogs);
      case "status" -> json(status::write);
      case "flush" -> flush(body);
      case "unpark" -> unpark(body);
      default ->
          throw CallStatus.UNIMPLEMENTED
              .withDescription("cannot do: " + type + " (actions are logs, status, flush, unpark)")
              .toRuntimeException();
    };
  }

  private byte[] flush(byte[] body) {
    awaitApplied();
    List<TableBuffer> tables = asked(body);
    return json(
        out -> {
          out.writeArrayFieldStart("persisted");
          for (TableBuffer table : tables) {
            long rows = table.hotRows() + table.parkedRows();
            long position = persist(table);
            out.writeStartObject();
            out.writeStringField("tenant", table.key().tenant());
            out.writeStringField("table", table.key().table().tableName());
            out.writeNumberField("position", position);
            out.writeNumberField("rows", rows);
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  private byte[] unpark(byte[] body) {
    awaitApplied();
    TableKey key;
    try {
      ReadTicket ticket = ReadTicket.parse(body);
      key = new TableKey(ticket.tenant(), ticket.table());
    } catch (MalformedMessageException e) {
      throw ReadErrors.invalid(String.valueOf(e.getMessage()));
    }
    try {
      String done = unparking.unpark(key);
      return json(out -> out.writeStringField("done", done));
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      throw ReadErrors.later(
          why.startsWith("cannot ") ? why : "cannot unpark %s: %s".formatted(key, why));
    } catch (InterruptedException e) {
      throw stopping();
    }
  }

  /** What was called stored before the flush was asked for is flushed, too. */
  private void awaitApplied() {
    long target = gate.target();
    try {
      if (!gate.await(target, FLUSH_WAIT)) {
        throw ReadErrors.leader(
            "cannot flush yet: after %s %s (ask again)".formatted(FLUSH_WAIT, gate.waitsFor()));
      }
    } catch (InterruptedException e) {
      throw stopping();
    }
  }

  private static FlightRuntimeException stopping() {
    Thread.currentThread().interrupt();
    return ReadErrors.later("cannot go on: the Writer is stopping (ask again)");
  }

  private long persist(TableBuffer table) {
    try {
      return persister.flush(table, FLUSH_WAIT);
    } catch (FlushFailedException e) {
      throw ReadErrors.later(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw stopping();
    }
  }

  /** The tables with rows that are not persisted: all, or the one the body names as a ticket. */
  private List<TableBuffer> asked(byte[] body) {
    if (body.length == 0) {
      return buffer.tables().stream()
          .filter(table -> table.hotRows() + table.parkedRows() > 0)
          .sorted(Comparator.comparing(table -> table.key().toString()))
          .toList();
    }
    try {
      ReadTicket ticket = ReadTicket.parse(body);
      return buffer.known(new TableKey(ticket.tenant(), ticket.table())).stream().toList();
    } catch (MalformedMessageException e) {
      throw ReadErrors.invalid(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] json(WriterStatus.Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("v", 1);
      fields.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write answer", e);
    }
    return bytes.toByteArray();
  }
}
