package io.sluice.bench.audit;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.sluice.lake.LakeConfig;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import java.time.Duration;
import java.util.List;

/**
 * Where the tables are.
 *
 * @param writers each is asked for what is not in the tables' files yet
 * @param credentials by which they are reached
 * @param patience how long to go on asking a Writer that cannot answer yet
 */
public record AuditTarget(
    LakeConfig lake,
    List<HostPort> writers,
    ChannelCredentials credentials,
    String tenant,
    Duration patience) {

  public AuditTarget {
    writers = List.copyOf(writers);
  }

  /** Writers that are reached by plain connections. */
  public AuditTarget(LakeConfig lake, List<HostPort> writers, String tenant, Duration patience) {
    this(lake, writers, InsecureChannelCredentials.create(), tenant, patience);
  }

  public static AuditTarget of(
      LakeConfig lake,
      CommonSettings settings,
      ChannelCredentials credentials,
      String tenant,
      Duration patience) {
    return new AuditTarget(lake, settings.writers(), credentials, tenant, patience);
  }
}
