package io.sluice.writer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.schema.service.HostPort;
import io.sluice.writer.raft.Membership;
import io.sluice.writer.raft.Neighbour;
import io.sluice.writer.raft.RaftMember;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What Writers tell each other, in the answer to the action {@code logs} and in the body of {@code
 * join}: a member is {@code {"writer":..,"disk":..,"raft":"host:port","flight":"host:port"}}.
 */
final class NeighbourJson {

  private static final JsonFactory JSON = new JsonFactory();

  static Neighbour parse(byte[] json) throws IOException {
    try (JsonParser in = JSON.createParser(json)) {
      in.nextToken();
      if (!(value(in) instanceof Map<?, ?> top)) {
        throw new IOException("cannot read what a Writer has: no object");
      }
      List<Neighbour.Known> logs = new ArrayList<>();
      for (Object each : list(top.get("logs"))) {
        if (each instanceof Map<?, ?> log && log.containsKey("peers")) {
          List<RaftMember> members = new ArrayList<>();
          for (Object peer : list(log.get("peers"))) {
            members.add(member((Map<?, ?>) peer));
          }
          long term = Long.parseLong(String.valueOf(log.get("term")));
          UUID id = UUID.fromString(String.valueOf(log.get("id")));
          Object leader = log.get("leader");
          HostPort at = leader == null ? null : HostPort.parse(leader.toString());
          boolean leads = String.valueOf(log.get("leads")).equals("true");
          logs.add(new Neighbour.Known(id, term, leads, membership(log, members), at));
        }
      }
      return new Neighbour(member(top), logs);
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new IOException("cannot read what a Writer has: " + e.getMessage(), e);
    }
  }

  /**
   * What an action is asked to do, in its body.
   *
   * @param log its number
   * @param id null if it is not named
   * @param from peer ids
   * @param peer an id; empty if none is named
   */
  record Asked(
      int log, @Nullable UUID id, Set<String> from, List<RaftMember> members, String peer) {}

  /**
   * Reads {@code {"log":0,"id":..,"from":[peer id,..],"to":[member,..],"peer":peer id}}: each
   * action has what it needs of it.
   */
  static Asked asked(byte[] json) throws IOException {
    try (JsonParser in = JSON.createParser(json)) {
      in.nextToken();
      Map<?, ?> object = value(in) instanceof Map<?, ?> map ? map : Map.of();
      Set<String> from = new HashSet<>();
      list(object.get("from")).forEach(peer -> from.add(String.valueOf(peer)));
      List<RaftMember> to = new ArrayList<>();
      for (Object each : list(object.get("to"))) {
        to.add(member((Map<?, ?>) each));
      }
      Object id = object.get("id");
      Object peer = object.get("peer");
      return new Asked(
          Integer.parseInt(String.valueOf(object.get("log"))),
          id == null ? null : UUID.fromString(id.toString()),
          from,
          to,
          peer == null ? "" : peer.toString());
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new IOException("cannot read what is to be done: " + e.getMessage(), e);
    }
  }

  /** Reads who wants to join, in the body of a {@code join}. */
  static RaftMember member(byte[] json) throws IOException {
    try (JsonParser in = JSON.createParser(json)) {
      in.nextToken();
      return member(value(in) instanceof Map<?, ?> map ? map : Map.of());
    } catch (IllegalArgumentException e) {
      throw new IOException("cannot read who wants to join: " + e.getMessage(), e);
    }
  }

  static byte[] join(int log, RaftMember member) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("log", log);
      write(out, member);
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /** Fields of a log, into an open object. */
  static void write(JsonGenerator out, Membership membership) throws IOException {
    out.writeArrayFieldStart("peers");
    for (RaftMember member : membership.members()) {
      out.writeStartObject();
      write(out, member);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeBooleanField("settled", membership.settled());
    out.writeNumberField("peersTerm", membership.term());
    out.writeNumberField("peersAt", membership.position());
  }

  /** Older Writers say less: then nothing can be made of it. */
  private static Membership membership(Map<?, ?> log, List<RaftMember> members) {
    boolean settled = String.valueOf(log.get("settled")).equals("true");
    return new Membership(
        members, settled, number(log, "peersTerm", 0), number(log, "peersAt", -1));
  }

  private static long number(Map<?, ?> object, String name, long absent) {
    Object value = object.get(name);
    return value == null ? absent : Long.parseLong(value.toString());
  }

  /** Fields, into an open object. */
  static void write(JsonGenerator out, RaftMember member) throws IOException {
    out.writeStringField("writer", member.writer());
    out.writeStringField("disk", member.disk().toString());
    out.writeStringField("raft", member.raft().toString());
    out.writeStringField("flight", member.flight().toString());
  }

  private static RaftMember member(Map<?, ?> object) {
    return new RaftMember(
        String.valueOf(object.get("writer")),
        UUID.fromString(String.valueOf(object.get("disk"))),
        HostPort.parse(String.valueOf(object.get("raft"))),
        HostPort.parse(String.valueOf(object.get("flight"))));
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static @Nullable Object value(JsonParser in) throws IOException {
    JsonToken token = in.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> object = new HashMap<>();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        object.put(name, value(in));
      }
      return object;
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> list = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(in));
      }
      return list;
    }
    return token == null || token == JsonToken.VALUE_NULL ? null : in.getText();
  }

  private NeighbourJson() {}
}
