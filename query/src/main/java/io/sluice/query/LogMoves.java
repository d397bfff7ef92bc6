package io.sluice.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.schema.service.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** Has Writers change who has a log, and who leads it. */
public final class LogMoves {

  private static final JsonFactory JSON = new JsonFactory();
  private static final Duration SHORT = Duration.ofSeconds(10);

  private final Writers writers;
  private final Duration most;

  /**
   * @param most how long to wait until a new member has got the log
   */
  public LogMoves(Writers writers, Duration most) {
    this.writers = writers;
    this.most = most;
  }

  private interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  /** Has a Writer be ready to get the log. */
  public void adopt(HostPort writer, ClusterLog log) throws ReadException {
    act(writer, "adopt", log, SHORT, out -> {});
  }

  /**
   * Has the leader make the log's members others, if they are still what they are thought to be;
   * new ones have got all of it when it returns.
   */
  public void members(HostPort leader, ClusterLog log, List<LogMember> from, List<LogMember> to)
      throws ReadException {
    act(
        leader,
        "members",
        log,
        most,
        out -> {
          out.writeArrayFieldStart("from");
          for (LogMember each : from) {
            out.writeString(each.peer());
          }
          out.writeEndArray();
          out.writeArrayFieldStart("to");
          for (LogMember each : to) {
            out.writeStartObject();
            out.writeStringField("writer", each.writer());
            out.writeStringField("disk", each.disk());
            out.writeStringField("raft", each.raft().toString());
            out.writeStringField("flight", each.flight().toString());
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  /** Has the leader hand its lead over to another member. */
  public void lead(HostPort leader, ClusterLog log, LogMember to) throws ReadException {
    act(leader, "lead", log, SHORT, out -> out.writeStringField("peer", to.peer()));
  }

  private void act(HostPort at, String action, ClusterLog log, Duration atMost, Fields fields)
      throws ReadException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("log", log.number());
      out.writeStringField("id", String.valueOf(log.id()));
      fields.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a question", e);
    }
    byte[] answer = writers.client(at).action(action, bytes.toByteArray(), atMost);
    if (answer.length == 0) {
      throw new ReadException("cannot do %s: Writer %s said nothing".formatted(action, at), null);
    }
  }
}
