package io.sluice.writer.raft;

import io.sluice.schema.service.HostPort;
import java.util.UUID;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * A Writer in a Raft group. Its peer id is the Writer with its disk: a Writer that has lost its
 * disk is another peer, as it has forgotten for whom it voted and what it acknowledged.
 *
 * @param writer its id
 * @param disk made at random with its data directory
 * @param raft where other Writers reach it
 * @param flight where clients reach it: what they are told when it leads
 */
public record RaftMember(String writer, UUID disk, HostPort raft, HostPort flight) {

  /** How peers are named: {@code writer-0_1b4e28ba-2fa1-11d2-883f-0016d3cca427}. */
  public RaftPeerId peerId() {
    return RaftPeerId.valueOf(writer + "_" + disk);
  }

  /** All have one priority: Ratis hands the lead to nobody of a lower one. */
  RaftPeer peer() {
    return RaftPeer.newBuilder()
        .setId(peerId())
        .setAddress(raft.toString())
        .setClientAddress(flight.toString())
        .build();
  }

  static RaftMember of(RaftPeer peer) {
    String id = peer.getId().toString();
    int cut = id.lastIndexOf('_');
    return new RaftMember(
        id.substring(0, cut),
        UUID.fromString(id.substring(cut + 1)),
        HostPort.parse(peer.getAddress()),
        HostPort.parse(peer.getClientAddress()));
  }
}
