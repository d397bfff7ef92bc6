package io.sluice.acceptor.forward;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.Executor;

/**
 * One DoPut call as long as it lives. It waits for a connection if there is none. Owned by its
 * stream's turns, on which gRPC calls it back.
 */
final class PutCall extends ClientCall.Listener<byte[]> {

  /** Told as turns of the stream. */
  interface Owner {
    /** There is room for a frame; the first time, nothing was sent yet. */
    void ready(PutCall call);

    /** A PutResult came. */
    void answered(PutCall call, byte[] result);

    /** It ended, however it did. */
    void lost(PutCall call, Status status);
  }

  private final Owner owner;
  private final ClientCall<PutFrame, byte[]> grpc;
  private boolean opened;

  PutCall(ManagedChannel channel, Executor turns, Owner owner) {
    this.owner = owner;
    this.grpc =
        channel.newCall(
            PutMethod.DO_PUT, CallOptions.DEFAULT.withWaitForReady().withExecutor(turns));
  }

  void start() {
    grpc.start(this, new Metadata());
    grpc.request(Integer.MAX_VALUE);
  }

  /** Sends the stream's first frame. */
  void open(PutFrame opening) {
    opened = true;
    grpc.sendMessage(opening);
  }

  boolean opened() {
    return opened;
  }

  /** True if gRPC has room. Only then is a frame written at once, and its buffers free after. */
  boolean ready() {
    return opened && grpc.isReady();
  }

  void send(PutFrame frame) {
    grpc.sendMessage(frame);
  }

  void cancel(String why) {
    grpc.cancel(why, null);
  }

  @Override
  public void onReady() {
    owner.ready(this);
  }

  @Override
  public void onMessage(byte[] result) {
    owner.answered(this, result);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    owner.lost(this, status);
  }
}
