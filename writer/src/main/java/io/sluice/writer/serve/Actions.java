package io.sluice.writer.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.schema.security.Caller;
import io.sluice.schema.security.DeniedException;
import io.sluice.schema.security.Scope;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.persist.FlushFailedException;
import io.sluice.writer.persist.Holds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.Supplier;
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
              "unpark", "take a table that was begun anew as it is; body: {\"table\":\"traces\"}"),
          new ActionType("hold", "commit nothing while a copy is made; take, renew or end it"),
          new ActionType("join", "between Writers: take in the new disk of one that lost its own"),
          new ActionType("adopt", "by rebalance: be ready to get a log"),
          new ActionType("members", "by rebalance, of the leader: who is to have a log"),
          new ActionType("lead", "by rebalance, of the leader: hand a lead over"));

  private static final JsonFactory JSON = new JsonFactory();
  private static final Duration FLUSH_WAIT = Duration.ofMinutes(5);

  private final WriterStatus status;
  private final ServedLogs logs;
  private final Admitted admitted;
  private final HoldAction hold;

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

  /**
   * @param admitted bounds what waits
   * @param hold keeps what changes tables or logs waiting
   */
  public Actions(WriterStatus status, ServedLogs logs, Admitted admitted, HoldAction hold) {
    this.status = status;
    this.logs = logs;
    this.admitted = admitted;
    this.hold = hold;
  }

  byte[] run(String type, byte[] body, Caller caller) {
    try {
      require(type, body, caller);
    } catch (DeniedException e) {
      throw FlightAccess.denied(e);
    }
    return switch (type) {
      case "logs" -> json(out -> status.writeLogs(out, seesMembers(caller)));
      case "status" -> json(status::write);
      case "hold" -> json(out -> hold.run(body, out));
      default -> admit(type, body, caller);
    };
  }

  /** Readers, and who runs but a tenant's part of the service, only look for leaders. */
  private static boolean seesMembers(Caller caller) {
    return caller.service() || (caller.tenant() == null && caller.may(Scope.ADMIN));
  }

  /** What may take its time, and holds its thread for it. */
  private byte[] admit(String type, byte[] body, Caller caller) {
    String tenant = caller.tenant();
    try (Admitted.Call call = admitted.action(type, tenant == null ? "" : tenant)) {
      return act(type, body);
    }
  }

  private byte[] act(String type, byte[] body) {
    return switch (type) {
      case "flush" -> flush(body);
      case "unpark" -> unlessHeld(type, () -> unpark(body));
      case "join" -> unlessHeld(type, () -> act(Cluster.Act.JOIN, body));
      case "adopt" -> unlessHeld(type, () -> act(Cluster.Act.ADOPT, body));
      case "members" -> unlessHeld(type, () -> act(Cluster.Act.MEMBERS, body));
      case "lead" -> act(Cluster.Act.LEAD, body);
      default ->
          throw CallStatus.UNIMPLEMENTED
              .withDescription(
                  "cannot do: %s (actions are %s)"
                      .formatted(type, TYPES.stream().map(ActionType::getType).toList()))
              .toRuntimeException();
    };
  }

  /** What changes tables, or who has a log, would tear a copy apart. */
  private byte[] unlessHeld(String type, Supplier<byte[]> deed) {
    try (Holds.Change change = hold.all().change("the action " + type)) {
      if (change == null) {
        throw ReadErrors.later(
            "cannot %s: the Writer is held for a copy (ask again when that has ended)"
                .formatted(type));
      }
      return deed.get();
    }
  }

  /** Where logs are is for readers, too; all else is for those who run the service. */
  private static void require(String type, byte[] body, Caller caller) throws DeniedException {
    switch (type) {
      case "logs" -> caller.require(caller.may(Scope.ADMIN) ? Scope.ADMIN : Scope.READ);
      case "flush", "unpark" -> {
        if (body.length > 0) {
          caller.require(Scope.ADMIN, key(body).tenant());
        } else {
          caller.requireOfAll(Scope.ADMIN);
        }
      }
      case "join" -> caller.requireService();
      default -> caller.requireOfAll(Scope.ADMIN);
    }
  }

  private byte[] act(Cluster.Act act, byte[] body) {
    try {
      logs.cluster().act(act, body);
      return json(out -> out.writeStringField("done", act.name().toLowerCase(Locale.ROOT)));
    } catch (IOException e) {
      throw ReadErrors.later(String.valueOf(e.getMessage()));
    }
  }

  /** Of the logs that this Writer leads: who leads another has its rows. */
  private byte[] flush(byte[] body) {
    List<ServedLog> led = led();
    awaitApplied(led);
    return json(
        out -> {
          out.writeArrayFieldStart("persisted");
          for (ServedLog log : led) {
            for (TableBuffer table : asked(log, body)) {
              long rows = table.hotRows() + table.parkedRows();
              long position = persist(log, table);
              out.writeStartObject();
              if (logs.count() > 1) {
                out.writeNumberField("log", log.number());
              }
              out.writeStringField("tenant", table.key().tenant());
              out.writeStringField("table", table.key().table().tableName());
              out.writeNumberField("position", position);
              out.writeNumberField("rows", rows);
              out.writeEndObject();
            }
          }
          out.writeEndArray();
        });
  }

  private List<ServedLog> led() {
    return logs.hosted().stream().filter(ServedLog::leads).toList();
  }

  private byte[] unpark(byte[] body) {
    List<ServedLog> led = led();
    awaitApplied(led);
    TableKey key = key(body);
    List<ServedLog> those =
        led.stream().filter(log -> log.buffer().known(key).isPresent()).toList();
    try {
      StringJoiner done = new StringJoiner("; ");
      for (ServedLog log : those.isEmpty() ? led : those) {
        String its = log.unparking().unpark(key);
        done.add(logs.count() == 1 ? its : "log %d: %s".formatted(log.number(), its));
      }
      if (done.length() == 0) {
        throw ReadErrors.leader(
            "cannot unpark %s: this Writer leads no log (ask the others)".formatted(key));
      }
      return json(out -> out.writeStringField("done", done.toString()));
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      throw ReadErrors.later(
          why.startsWith("cannot ") ? why : "cannot unpark %s: %s".formatted(key, why));
    } catch (InterruptedException e) {
      throw stopping();
    }
  }

  /** What was called stored before is asked for, too. */
  private static void awaitApplied(List<ServedLog> led) {
    try {
      for (ServedLog log : led) {
        long target = log.gate().target(false).position();
        if (!log.gate().await(target, FLUSH_WAIT)) {
          throw ReadErrors.leader(
              "cannot flush yet: after %s %s (ask again)"
                  .formatted(FLUSH_WAIT, log.gate().waitsFor()));
        }
      }
    } catch (InterruptedException e) {
      throw stopping();
    }
  }

  private static FlightRuntimeException stopping() {
    Thread.currentThread().interrupt();
    return ReadErrors.later("cannot go on: the Writer is stopping (ask again)");
  }

  private static long persist(ServedLog log, TableBuffer table) {
    try {
      return log.persister().flush(table, FLUSH_WAIT);
    } catch (FlushFailedException e) {
      throw ReadErrors.later(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw stopping();
    }
  }

  /** The tables with rows that are not persisted: all, or the one the body names as a ticket. */
  private static List<TableBuffer> asked(ServedLog log, byte[] body) {
    return body.length > 0
        ? log.buffer().known(key(body)).stream().toList()
        : log.buffer().tables().stream()
            .filter(table -> table.hotRows() + table.parkedRows() > 0)
            .sorted(Comparator.comparing(table -> table.key().toString()))
            .toList();
  }

  private static TableKey key(byte[] body) {
    try {
      ReadTicket ticket = ReadTicket.parse(body);
      return new TableKey(ticket.tenant(), ticket.table());
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
