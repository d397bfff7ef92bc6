package io.sluice.writer.raft;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Lets through what another member sends to this very member, of a group that has begun here. Ratis
 * itself looks at the sender and the group only: a new disk at the address of the one that was lost
 * would vote, and acknowledge records, in its place, and what only the lost one had would be
 * forgotten. And what comes while a group begins makes its begin fail. By TLS a call must come from
 * a Writer, as {@link RaftTls} knows it.
 *
 * <p>Entries of a group come one message after the other or side by side, but never beside a
 * snapshot of it: {@link Drain} says what would become of them.
 */
final class AddressedMessages implements GrpcServices.Customizer, ServerInterceptor {

  private final ByteString self;
  private final @Nullable RaftTls tls;
  private final Set<ByteString> begun = ConcurrentHashMap.newKeySet();
  private final Map<ByteString, ReadWriteLock> snapshots = new ConcurrentHashMap<>();

  /**
   * @param tls who may call; null: connections are plain, and anybody may
   */
  AddressedMessages(RaftPeerId self, @Nullable RaftTls tls) {
    this.self = self.toByteString();
    this.tls = tls;
  }

  /** The group has begun: what is sent to it may come. */
  void take(RaftGroupId group) {
    begun.add(group.toByteString());
  }

  /** The group is here no longer, or has to begin once more. */
  void refuse(RaftGroupId group) {
    begun.remove(group.toByteString());
  }

  @Override
  public NettyServerBuilder customize(
      NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
    return builder.intercept(this);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String refusal =
        tls == null ? null : tls.refusal(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    if (refusal != null) {
      call.close(Status.PERMISSION_DENIED.withDescription(refusal), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      private boolean refused;

      @Override
      public void onMessage(Q message) {
        RaftRpcRequestProto request = request(message);
        boolean isForSelf = request != null && request.getReplyId().equals(self);
        ByteString group = request == null ? ByteString.EMPTY : request.getRaftGroupId().getId();
        boolean hasBegun = begun.contains(group);
        if (isForSelf && hasBegun) {
          Lock turn = turn(message, group);
          turn.lock();
          try {
            super.onMessage(message);
          } finally {
            turn.unlock();
          }
        } else if (!refused) {
          refused = true;
          call.close(
              isForSelf
                  ? Status.UNAVAILABLE.withDescription("the group has not begun here")
                  : Status.FAILED_PRECONDITION.withDescription("not for " + self.toStringUtf8()),
              new Metadata());
          super.onCancel();
        }
      }

      @Override
      public void onHalfClose() {
        if (!refused) {
          super.onHalfClose();
        }
      }
    };
  }

  /** Ratis has taken a message, entries into its log and all, when it comes back. */
  private Lock turn(Object message, ByteString group) {
    ReadWriteLock lock = snapshots.computeIfAbsent(group, id -> new ReentrantReadWriteLock(true));
    return message instanceof InstallSnapshotRequestProto ? lock.writeLock() : lock.readLock();
  }

  /** Null: nothing that members send each other. */
  private static @Nullable RaftRpcRequestProto request(Object message) {
    if (message instanceof AppendEntriesRequestProto append) {
      return append.getServerRequest();
    }
    if (message instanceof RequestVoteRequestProto vote) {
      return vote.getServerRequest();
    }
    if (message instanceof InstallSnapshotRequestProto install) {
      return install.getServerRequest();
    }
    if (message instanceof StartLeaderElectionRequestProto start) {
      return start.getServerRequest();
    }
    return message instanceof ReadIndexRequestProto read ? read.getServerRequest() : null;
  }
}
