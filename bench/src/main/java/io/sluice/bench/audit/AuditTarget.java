package io.sluice.bench.audit;

import io.sluice.lake.LakeConfig;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.ReadTicket;
import java.time.Duration;
import java.util.List;

/**
 * Where the tables are.
 *
 * @param writers each is asked for what is not in the tables' files yet
 * @param patience how long to go on asking a Writer that cannot answer yet
 */
public record AuditTarget(
    LakeConfig lake, List<HostPort> writers, String tenant, Duration patience) {

  public AuditTarget {
    writers = List.copyOf(writers);
  }

  public static AuditTarget of(LakeConfig lake, CommonSettings settings, Duration patience) {
    return new AuditTarget(lake, settings.writers(), ReadTicket.DEFAULT_TENANT, patience);
  }
}
