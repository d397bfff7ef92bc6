package io.sluice.bench.fuzz;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.sluice.bench.fuzz.mutate.PutMutator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client that opens a DoPut stream for each input and waits for its end. One thread uses it. */
final class PutStreams implements AutoCloseable {

  private static final int SECONDS = 20;
  private static final MethodDescriptor<byte[], byte[]> PUT =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName("arrow.flight.protocol.FlightService/DoPut")
          .setRequestMarshaller(Messages.INSTANCE)
          .setResponseMarshaller(Messages.INSTANCE)
          .build();

  private final ManagedChannel channel;

  PutStreams(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  /** How a stream of one message ended: its answer, if one came, and its status. */
  static final class End {
    private volatile byte @Nullable [] answer;
    private final CompletableFuture<Status> status = new CompletableFuture<>();

    byte @Nullable [] answer() {
      return answer;
    }

    /**
     * Waits for it.
     *
     * @throws Finding it does not come
     */
    Status status() throws Finding, InterruptedException {
      try {
        return status.get(SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new Finding("a put stream does not end", e);
      }
    }
  }

  End send(PutMutator.Stream stream) {
    End end = new End();
    ClientCall<byte[], byte[]> call = channel.newCall(PUT, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] message) {
            end.answer = message;
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.status.complete(status);
          }
        },
        new Metadata());
    call.request(Integer.MAX_VALUE);
    call.sendMessage(stream.opening());
    call.sendMessage(stream.rows());
    call.halfClose();
    return end;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
