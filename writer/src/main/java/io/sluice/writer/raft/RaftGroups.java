package io.sluice.writer.raft;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;

/** How a group begins on this disk, and how it is left. */
final class RaftGroups {

  private final Path root;
  private final DiskId disk;
  private final AddressedMessages messages;
  private final RaftRequests requests;
  private final Map<UUID, List<RaftMember>> founding = new ConcurrentHashMap<>();

  /**
   * @param root has a directory of each group
   */
  RaftGroups(Path root, DiskId disk, AddressedMessages messages, RaftRequests requests) {
    this.root = root;
    this.disk = disk;
    this.messages = messages;
    this.requests = requests;
  }

  /** Begins with these members, once; with none it waits to be taken in. */
  void found(UUID group, List<RaftMember> members) {
    founding.put(group, List.copyOf(members));
  }

  void begin(RaftServer server, UUID id) throws IOException {
    List<RaftMember> founders = founding.get(id);
    List<RaftPeer> peers =
        founders == null
            ? StoredMembers.in(directory(id))
            : founders.stream().map(RaftMember::peer).toList();
    RaftGroup group = RaftGroup.valueOf(RaftGroupId.valueOf(id), peers);
    requests.add(server, group, founders != null);
    founding.remove(id);
    disk.has(id);
    messages.take(group.getGroupId());
  }

  /** It can be founded or joined again, by another member than this one was. */
  void leave(RaftServer server, UUID id) throws IOException {
    RaftGroupId group = RaftGroupId.valueOf(id);
    messages.refuse(group);
    requests.remove(server, group);
  }

  /** Deletes what is left of it here, and remembers that it was. */
  void forget(UUID id) throws IOException {
    disk.leaves(id);
  }

  /** Those that were here, and are not any more. */
  Set<UUID> left() {
    return disk.left();
  }

  /** Where Ratis keeps a group's log and its members. */
  Path directory(UUID group) {
    return root.resolve(group.toString()).resolve("current");
  }
}
