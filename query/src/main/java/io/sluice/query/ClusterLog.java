package io.sluice.query;

import io.sluice.schema.service.HostPort;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A log of the cluster, by all that was said of it.
 *
 * @param number from 0
 * @param id null if no Writer that answered holds it
 * @param term of the best claim to lead it; 0 if there is none
 * @param leader where its leader is reached; null if that is not known
 * @param claimed whether the leader itself says that it leads
 * @param holders what Writers say that hold it, by where they were reached, in the order of the
 *     settings
 */
public record ClusterLog(
    int number,
    @Nullable UUID id,
    long term,
    @Nullable HostPort leader,
    boolean claimed,
    Map<HostPort, LogClaim> holders) {

  public ClusterLog {
    holders = Collections.unmodifiableMap(new LinkedHashMap<>(holders));
  }

  /** As people name it. */
  public String name() {
    return id == null ? "log " + number : "log %d (%s)".formatted(number, id);
  }
}
