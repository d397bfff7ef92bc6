package io.sluice.query;

import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Writer's answer to DoAction {@code logs}.
 *
 * @param asked where it was reached
 * @param writer its name
 * @param address where it says it is reached; null if it does not say
 * @param cluster how many logs the cluster has
 * @param logs those that it holds
 * @param self as one that can have copies; null of one whose logs have one copy
 * @param writers how many it knows; 0 if it does not say
 */
public record WriterLogs(
    HostPort asked,
    String writer,
    @Nullable HostPort address,
    int cluster,
    List<LogClaim> logs,
    @Nullable LogMember self,
    int writers) {

  public WriterLogs {
    logs = List.copyOf(logs);
  }

  /** Of a Writer whose logs have one copy. */
  public WriterLogs(
      HostPort asked, String writer, @Nullable HostPort address, int cluster, List<LogClaim> logs) {
    this(asked, writer, address, cluster, logs, null, 0);
  }

  /** Reads an answer; one of a lone Writer, or an older one, says less. */
  static WriterLogs parse(HostPort asked, byte[] answer) throws ReadException {
    try {
      Map<?, ?> all = Json.object(Json.parse(answer));
      List<LogClaim> logs = new ArrayList<>();
      for (Object log : Json.list(all.get("logs"))) {
        logs.add(LogClaim.parse(Json.object(log)));
      }
      String address = Json.text(all.get("address"));
      return new WriterLogs(
          asked,
          Json.text(all.get("writer")),
          address.isEmpty() ? null : HostPort.parse(address),
          all.containsKey("cluster")
              ? Integer.parseInt(Json.text(all.get("cluster")))
              : logs.size(),
          logs,
          LogMember.parse(all),
          all.containsKey("writers") ? Integer.parseInt(Json.text(all.get("writers"))) : 0);
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      throw new ReadException(
          "cannot read which logs Writer %s has: %s (use the same version of both)"
              .formatted(asked, new String(answer, StandardCharsets.UTF_8)),
          e);
    }
  }
}
