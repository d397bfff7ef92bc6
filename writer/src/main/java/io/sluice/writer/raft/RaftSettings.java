package io.sluice.writer.raft;

import io.sluice.schema.security.Tls;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** What Ratis is told, and why where it is not its default. */
final class RaftSettings {

  static final int LARGEST_ENTRY = EntryParts.MOST_BYTES + (64 << 10); // and what is Raft's

  static RaftProperties properties(RaftConfig config) {
    RaftProperties keys = new RaftProperties();
    GrpcConfigKeys.Server.setHost(keys, config.bindHost());
    GrpcConfigKeys.Server.setPort(keys, config.self().raft().port());
    GrpcConfigKeys.setMessageSizeMax(keys, SizeInBytes.valueOf(4L * LARGEST_ENTRY));
    times(config, keys);
    log(config, keys);
    return keys;
  }

  /** With TLS, replicas show their certificates to each other, and nobody else gets in. */
  static Parameters parameters(RaftConfig config) {
    Parameters parameters = new Parameters();
    RaftTls raft = config.tls();
    if (raft != null) {
      Tls tls = raft.tls();
      GrpcConfigKeys.TLS.setConf(parameters, new GrpcTlsConfig(tls.keys(), tls.trust(), true));
    }
    return parameters;
  }

  private static void times(RaftConfig config, RaftProperties keys) {
    long millis = config.electionTimeout().toMillis();
    RaftServerConfigKeys.Rpc.setTimeoutMin(keys, millis(millis));
    RaftServerConfigKeys.Rpc.setTimeoutMax(keys, millis(2 * millis));
    // A process that was stopped for long is a follower when it goes on, and no reason to end.
    RaftServerConfigKeys.setCloseThreshold(keys, TimeDuration.valueOf(365, TimeUnit.DAYS));
    // Without a majority nothing can be confirmed: say so soon, so that others are asked.
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(keys, millis(2 * millis));
    // A new member gets a snapshot first, which may be large, from a leader that may be busy.
    RaftServerConfigKeys.setStagingTimeout(keys, TimeDuration.valueOf(30, TimeUnit.SECONDS));
    // A read asks a majority. A lease would save that, but not stand a hand-over of the lead.
    RaftServerConfigKeys.Read.setOption(keys, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
    // Each call has an id of its own: nothing is ever repeated by Raft's clients.
    RaftServerConfigKeys.RetryCache.setExpiryTime(keys, TimeDuration.valueOf(1, TimeUnit.SECONDS));
  }

  private static void log(RaftConfig config, RaftProperties keys) {
    SizeInBytes segment = SizeInBytes.valueOf(config.segmentBytes());
    SizeInBytes pending = SizeInBytes.valueOf(config.pendingBytes());
    RaftServerConfigKeys.Log.setSegmentSizeMax(keys, segment);
    RaftServerConfigKeys.Log.setPreallocatedSize(keys, SizeInBytes.valueOf(4 << 20));
    RaftServerConfigKeys.Log.setWriteBufferSize(keys, SizeInBytes.valueOf(LARGEST_ENTRY + 64));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(keys, SizeInBytes.valueOf(LARGEST_ENTRY));
    RaftServerConfigKeys.Log.setQueueByteLimit(keys, pending);
    RaftServerConfigKeys.Write.setByteLimit(keys, pending);
    // Entries for who is behind are read from disk again: memory is for rows.
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(keys, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(
        keys, SizeInBytes.valueOf(2 * config.segmentBytes()));
    // What a message brings is in the log when the message is taken, and not by and by: see Drain.
    RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(keys, false);
    RaftServerConfigKeys.Log.setLogMetadataEnabled(keys, false);
    // Snapshots are ours to take: a replica that is away does not hold the log.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(keys, true);
    RaftServerConfigKeys.Log.setPurgeGap(keys, 1);
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(keys, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(keys, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(keys, false);
  }

  private static TimeDuration millis(long millis) {
    return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
  }

  private RaftSettings() {}
}
