package io.sluice.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.query.ClusterLog;
import io.sluice.query.ClusterLogs;
import io.sluice.query.LogClaim;
import io.sluice.query.WriterLogs;
import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who leads which log, who holds it, and who of these did not answer. */
final class ClusterLines {

  /** For people; nothing of a log that one Writer holds alone, whose lines say it all. */
  static void print(PrintWriter out, ClusterLogs cluster) {
    if (cluster.logs().size() == 1 && isHeldAlone(cluster.logs().get(0))) {
      return;
    }
    out.println();
    for (ClusterLog log : cluster.logs()) {
      out.printf("%s: %s%n", log.name(), leader(cluster, log));
      List<String> replicas = new ArrayList<>();
      log.holders()
          .forEach(
              (address, claim) -> {
                if (!address.equals(log.leader())) {
                  replicas.add("%s up to %d".formatted(name(cluster, address), claim.applied()));
                }
              });
      away(cluster, log).forEach(writer -> replicas.add(writer + " is away"));
      if (!replicas.isEmpty()) {
        out.println("  replicas: " + String.join(", ", replicas));
      }
    }
  }

  private static boolean isHeldAlone(ClusterLog log) {
    return log.claimed()
        && log.holders().size() == 1
        && log.holders().values().iterator().next().peers().size() < 2;
  }

  private static String leader(ClusterLogs cluster, ClusterLog log) {
    HostPort leader = log.leader();
    if (leader == null) {
      return log.holders().isEmpty()
          ? "no Writer that answered holds it"
          : "nobody is known to lead it";
    }
    LogClaim claim = log.holders().get(leader);
    return claim == null
        ? "led at %s, as others say (term %d): no answer from there".formatted(leader, log.term())
        : "led by %s at %s (term %d), from position %d, applied up to %d"
            .formatted(name(cluster, leader), leader, log.term(), claim.first(), claim.applied());
  }

  static void json(JsonGenerator json, ClusterLogs cluster) throws IOException {
    json.writeArrayFieldStart("logs");
    for (ClusterLog log : cluster.logs()) {
      json.writeStartObject();
      json.writeNumberField("number", log.number());
      if (log.id() != null) {
        json.writeStringField("id", log.id().toString());
      }
      json.writeNumberField("term", log.term());
      if (log.leader() != null) {
        json.writeStringField("leader", log.leader().toString());
      }
      json.writeBooleanField("led", log.claimed());
      json.writeArrayFieldStart("replicas");
      for (Map.Entry<HostPort, LogClaim> holder : log.holders().entrySet()) {
        json.writeStartObject();
        json.writeStringField("writer", name(cluster, holder.getKey()));
        json.writeStringField("address", holder.getKey().toString());
        json.writeBooleanField("leads", holder.getKey().equals(log.leader()));
        json.writeNumberField("first", holder.getValue().first());
        json.writeNumberField("applied", holder.getValue().applied());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("away");
      for (String writer : away(cluster, log)) {
        json.writeString(writer);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Names of Writers that hold the log, by what others say, and did not answer. */
  private static SortedSet<String> away(ClusterLogs cluster, ClusterLog log) {
    SortedSet<String> away = new TreeSet<>();
    log.holders().values().forEach(claim -> away.addAll(claim.peers()));
    cluster.writers().forEach(writer -> away.remove(writer.writer()));
    return away;
  }

  private static String name(ClusterLogs cluster, @Nullable HostPort address) {
    return cluster.writers().stream()
        .filter(writer -> writer.asked().equals(address))
        .map(WriterLogs::writer)
        .findFirst()
        .orElse(String.valueOf(address));
  }

  private ClusterLines() {}
}
