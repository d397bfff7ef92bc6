package io.sluice.bench.fuzz;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Writer as the Acceptor sees it, that only remembers which batches came. */
final class RecordingWriter implements AutoCloseable {

  private static final int CREDIT = 16;

  private final Map<BatchId, Integer> rows = new HashMap<>();
  private final Server server;

  RecordingWriter() throws IOException {
    MethodDescriptor<byte[], byte[]> put =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName("arrow.flight.protocol.FlightService/DoPut")
            .setRequestMarshaller(Messages.INSTANCE)
            .setResponseMarshaller(Messages.INSTANCE)
            .build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .addService(
                ServerServiceDefinition.builder("arrow.flight.protocol.FlightService")
                    .addMethod(put, (call, headers) -> new Stream(call))
                    .build())
            .build()
            .start();
  }

  HostPort address() {
    return new HostPort("127.0.0.1", server.getPort());
  }

  /** Rows of a batch; 0 if it did not come. */
  synchronized int rows(BatchId batch) {
    return rows.getOrDefault(batch, 0);
  }

  private synchronized boolean isRepeat(PutMetadata.Batch batch) {
    Integer before = rows.putIfAbsent(batch.id(), batch.rows());
    return before != null;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Stream extends ServerCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> call;
    private boolean begun;

    Stream(ServerCall<byte[], byte[]> call) {
      this.call = call;
      call.sendHeaders(new Metadata());
      call.request(CREDIT);
    }

    @Override
    public void onMessage(byte[] message) {
      try {
        if (begun) {
          call.sendMessage(result(store(FlightFrame.parse(ByteBuffer.wrap(message)))));
        }
        begun = true;
        call.request(1);
      } catch (MalformedMessageException e) {
        call.close(Status.INVALID_ARGUMENT.withDescription(e.getMessage()), new Metadata());
      }
    }

    private byte[] store(FlightFrame frame) throws MalformedMessageException {
      PutMetadata metadata = PutMetadata.parse(frame.metadata());
      List<Boolean> repeats = new ArrayList<>();
      metadata.batches().forEach(batch -> repeats.add(isRepeat(batch)));
      return PutAnswer.done(metadata.sequence(), repeats).toBytes();
    }

    @Override
    public void onHalfClose() {
      call.close(Status.OK, new Metadata());
    }
  }

  /** A PutResult: app_metadata = 1. */
  private static byte[] result(byte[] metadata) {
    ByteBuffer out =
        ByteBuffer.allocate(1 + FlightFrame.varintSize(metadata.length) + metadata.length);
    out.put((byte) 0x0a);
    FlightFrame.putVarint(out, metadata.length);
    return out.put(metadata).array();
  }
}
