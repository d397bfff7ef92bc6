package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AddressedMessagesTest {

  private static final RaftPeerId SELF = RaftPeerId.valueOf("writer-0_new");
  private static final RaftGroupId GROUP = RaftGroupId.valueOf(new UUID(1, 2));
  private static final RaftGroupId OTHER = RaftGroupId.valueOf(new UUID(1, 3));

  private final AddressedMessages messages = new AddressedMessages(SELF, null);

  private static AppendEntriesRequestProto to(RaftPeerId peer) {
    return AppendEntriesRequestProto.newBuilder().setServerRequest(header(peer, GROUP)).build();
  }

  private static RaftRpcRequestProto header(RaftPeerId peer, RaftGroupId group) {
    return RaftRpcRequestProto.newBuilder()
        .setReplyId(peer.toByteString())
        .setRaftGroupId(RaftGroupIdProto.newBuilder().setId(group.toByteString()))
        .build();
  }

  @Test
  void whatIsForThisDiskAndAGroupThatHasBegunIsTaken() {
    messages.take(GROUP);
    Call call = send(to(SELF));
    assertThat(call.taken).hasSize(1);
    assertThat(call.closed).isNull();
  }

  @Test
  void whatIsForTheDiskThatWasLostIsRefused() {
    messages.take(GROUP);
    Call call = send(to(RaftPeerId.valueOf("writer-0_old")));
    assertThat(call.taken).isEmpty();
    assertThat(call.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
  }

  /** Ratis' begin of a group fails over a message in its middle; the sender tries again. */
  @Test
  void whatComesBeforeItsGroupHasBegunIsToBeSentAgain() {
    Call call = send(to(SELF));
    assertThat(call.taken).isEmpty();
    assertThat(call.code()).isEqualTo(Status.Code.UNAVAILABLE);
    messages.take(GROUP);
    assertThat(send(to(SELF)).taken).hasSize(1);
    messages.refuse(GROUP); // it was left, and may come again
    assertThat(send(to(SELF)).code()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  /** The log's writer would go on at entries that were taken beside it, and fail. */
  @Test
  void noEntriesAreTakenWhileASnapshotIs() throws Exception {
    messages.take(GROUP);
    messages.take(OTHER);
    InstallSnapshotRequestProto snapshot =
        InstallSnapshotRequestProto.newBuilder().setServerRequest(header(SELF, GROUP)).build();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      CountDownLatch taking = new CountDownLatch(1);
      CountDownLatch taken = new CountDownLatch(1);
      Future<?> installed =
          threads.submit(
              () ->
                  send(
                      snapshot,
                      message -> {
                        taking.countDown();
                        taken.await();
                      }));
      taking.await();
      AtomicBoolean beside = new AtomicBoolean();
      Thread entries =
          new Thread(() -> send(to(SELF), message -> beside.set(taken.getCount() > 0)));
      entries.start();
      while (entries.getState() != Thread.State.WAITING) {
        assertThat(entries.isAlive()).isTrue();
        LockSupport.parkNanos(1_000_000);
      }
      AppendEntriesRequestProto ofAnother =
          AppendEntriesRequestProto.newBuilder().setServerRequest(header(SELF, OTHER)).build();
      assertThat(send(ofAnother).taken).hasSize(1);
      taken.countDown();
      entries.join();
      installed.get();
      assertThat(beside).isFalse();
    } finally {
      threads.shutdownNow();
    }
  }

  private interface Taker {
    void take(Object message) throws InterruptedException;
  }

  private Call send(Object message) {
    return send(message, taken -> {});
  }

  private Call send(Object message, Taker taker) {
    Call call = new Call();
    messages
        .interceptCall(
            call,
            new Metadata(),
            (same, headers) ->
                new ServerCall.Listener<>() {
                  @Override
                  public void onMessage(Object taken) {
                    call.taken.add(taken);
                    try {
                      taker.take(taken);
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  }
                })
        .onMessage(message);
    return call;
  }

  private static final class Call extends ServerCall<Object, Object> {
    private final List<Object> taken = new ArrayList<>();
    private @Nullable Status closed;

    Status.@Nullable Code code() {
      return closed == null ? null : closed.getCode();
    }

    @Override
    public void request(int count) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(Object message) {}

    @Override
    public void close(Status status, Metadata trailers) {
      closed = status;
    }

    @Override
    public boolean isCancelled() {
      return closed != null;
    }

    @Override
    public MethodDescriptor<Object, Object> getMethodDescriptor() {
      throw new AssertionError("not asked for");
    }
  }
}
