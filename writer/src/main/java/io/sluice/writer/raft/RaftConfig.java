package io.sluice.writer.raft;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a Writer takes part in Raft groups.
 *
 * @param directory of all groups' logs and snapshots; its parent must be there, durably
 * @param self this Writer with this disk
 * @param bindHost where the Raft port listens
 * @param segmentBytes length of a log file
 * @param maxBytes disk budget of one group's log: beyond it the leader takes nothing
 * @param pendingBytes of records that are appended and not yet applied, per group, at most
 * @param electionTimeout a follower that hears nothing for this long, or up to twice as long, asks
 *     to be elected
 * @param tls by which replicas know each other, both ways; null: plain connections
 */
public record RaftConfig(
    Path directory,
    RaftMember self,
    String bindHost,
    long segmentBytes,
    long maxBytes,
    long pendingBytes,
    Duration electionTimeout,
    @Nullable RaftTls tls) {}
