package io.sluice.writer.raft;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.util.ProtoUtils;

/**
 * The members that a replica has known last, as Ratis keeps them beside its log.
 *
 * <p>Why they are read here: when a snapshot has come, Ratis takes the members that it knows away
 * before it puts those that came with it, which is a second later in a process that has just begun.
 * Until then it falls back on those that the group was opened with; which are none where Ratis
 * finds groups by itself. A replica without members ends itself when it stands for election.
 */
final class StoredMembers {

  private static final String FILE = "raft-meta.conf";

  /**
   * Who votes; none while members are being changed, or if none were known yet.
   *
   * @param current the group's directory of that name
   */
  static List<RaftPeer> in(Path current) throws IOException {
    try (InputStream in = Files.newInputStream(current.resolve(FILE))) {
      RaftConfigurationProto known = LogEntryProto.parseFrom(in).getConfigurationEntry();
      return known.getOldPeersCount() > 0
          ? List.of()
          : ProtoUtils.toRaftPeers(known.getPeersList());
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private StoredMembers() {}
}
