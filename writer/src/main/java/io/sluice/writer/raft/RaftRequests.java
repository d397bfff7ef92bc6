package io.sluice.writer.raft;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;

/** What this Writer asks of the Raft server in its own process, as that server's only client. */
final class RaftRequests {

  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong(1);

  /** Appends when it returns, if this Writer leads; in the order of calls. */
  CompletableFuture<RaftClientReply> write(RaftServer.Division division, Message record)
      throws IOException {
    return submit(division, record, RaftClientRequest.writeRequestType());
  }

  CompletableFuture<RaftClientReply> read(RaftServer.Division division) throws IOException {
    return submit(division, Message.valueOf("read"), RaftClientRequest.readRequestType());
  }

  /** By the division itself: by the server, another thread would append, in an order of its own. */
  private CompletableFuture<RaftClientReply> submit(
      RaftServer.Division division, Message message, RaftClientRequest.Type type)
      throws IOException {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(division.getId())
            .setGroupId(division.getMemberId().getGroupId())
            .setCallId(calls.getAndIncrement())
            .setMessage(message)
            .setType(type)
            .build();
    return ((RaftClientAsynchronousProtocol) division).submitClientRequestAsync(request);
  }

  void members(RaftServer server, UUID group, List<RaftPeer> from, List<RaftPeer> to)
      throws IOException {
    SetConfigurationRequest.Arguments change =
        SetConfigurationRequest.Arguments.newBuilder()
            .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
            .setServersInCurrentConf(from)
            .setServersInNewConf(to)
            .build();
    check(
        server.setConfiguration(
            new SetConfigurationRequest(
                client,
                server.getId(),
                RaftGroupId.valueOf(group),
                calls.getAndIncrement(),
                change)));
  }

  void transfer(RaftServer server, UUID group, RaftMember to, long millis) throws IOException {
    check(
        server.transferLeadership(
            new TransferLeadershipRequest(
                client,
                server.getId(),
                RaftGroupId.valueOf(group),
                calls.getAndIncrement(),
                to.peerId(),
                millis)));
  }

  /**
   * @param founds false: the server has the group on its disk, or is to get it from its leader
   */
  void add(RaftServer server, RaftGroup group, boolean founds) throws IOException {
    check(
        server.groupManagement(
            GroupManagementRequest.newAdd(
                client, server.getId(), calls.getAndIncrement(), group, founds)));
  }

  /** Deletes what the disk has of it, too. */
  void remove(RaftServer server, RaftGroupId group) throws IOException {
    check(
        server.groupManagement(
            GroupManagementRequest.newRemove(
                client, server.getId(), calls.getAndIncrement(), group, false, false)));
  }

  private static void check(RaftClientReply reply) throws IOException {
    if (!reply.isSuccess()) {
      throw reply.getException() != null
          ? reply.getException()
          : new InterruptedIOException("no success, and no reason");
    }
  }
}
