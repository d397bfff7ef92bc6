package io.sluice.acceptor.forward;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.sluice.acceptor.route.Lead;
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

  private final Lead lead;
  private final WriterLink link;
  private final Owner owner;
  private final long madeNanos;
  private final ClientCall<PutFrame, byte[]> grpc;
  private int losses;
  private boolean opened;

  PutCall(Lead lead, WriterLink link, Executor turns, Owner owner, long nowNanos) {
    this.lead = lead;
    this.link = link;
    this.owner = owner;
    this.madeNanos = nowNanos;
    this.losses = link.losses();
    this.grpc =
        link.channel()
            .newCall(PutMethod.DO_PUT, CallOptions.DEFAULT.withWaitForReady().withExecutor(turns));
  }

  /** For which lead it was made. */
  Lead lead() {
    return lead;
  }

  void start() {
    link.connect();
    grpc.start(this, new Metadata());
    grpc.request(Integer.MAX_VALUE);
  }

  /** Sends the stream's first frame. */
  void open(PutFrame opening) {
    opened = true;
    losses = link.losses();
    grpc.sendMessage(opening);
  }

  boolean opened() {
    return opened;
  }

  /** True while there is a connection to its Writer. */
  boolean connected() {
    return link.reachable();
  }

  /** How long it has waited to be opened; 0 if it is. */
  long waitedNanos(long nowNanos) {
    return opened ? 0 : nowNanos - madeNanos;
  }

  /** True if its connection fell, or never stood. */
  boolean fallen() {
    return !opened || link.lostSince(losses);
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
