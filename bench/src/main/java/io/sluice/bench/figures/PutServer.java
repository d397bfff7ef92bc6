package io.sluice.bench.figures;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.security.Access;
import io.sluice.schema.security.ServerTls;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.Telemetry;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.intake.Intake;
import io.sluice.writer.intake.Persisting;
import io.sluice.writer.intake.PutLog;
import io.sluice.writer.intake.PutLogs;
import io.sluice.writer.serve.FlightLimits;
import io.sluice.writer.serve.FlightListener;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.UUID;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A server that takes messages and acks each, in a JVM of its own so that its CPU time is its own:
 * {@code PutServer put} is the Writer's intake on a log that writes nothing, {@code PutServer raw}
 * plain gRPC. Prints its port; ends with its input.
 */
public final class PutServer {

  static final MethodDescriptor<byte[], byte[]> RAW = method("bench.Raw/Put");
  static final MethodDescriptor<byte[], byte[]> PUT =
      method("arrow.flight.protocol.FlightService/DoPut");

  private static final int CREDIT = 16;
  private static final int WINDOW_BYTES = 4 << 20;
  private static final long BUDGET_BYTES = 256L << 20;

  private PutServer() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println("port " + (arguments[0].equals("put") ? put() : raw()));
    System.in.transferTo(OutputStream.nullOutputStream()); // until whoever started it is gone
    System.exit(0);
  }

  private static int put() throws IOException {
    BufferAllocator allocator = new RootAllocator();
    Ledger ledger = new Ledger(new Telemetry("bench"));
    PutLog log = new PutLog(new AckingLog(), new NoRows(), ledger, System::nanoTime);
    Intake intake =
        new Intake(
            PutLogs.alone(log),
            new BatchLoader(allocator, EventTime.DEFAULT),
            allocator,
            BUDGET_BYTES,
            ledger,
            InstantSource.system(),
            System::nanoTime,
            UUID::randomUUID);
    return FlightListener.open(
            BindAddress.parse("127.0.0.1"),
            0,
            ServerTls.PLAIN,
            Access.open(false),
            new FlightLimits(64, 16_384, 64, 64),
            new Telemetry("bench"),
            allocator,
            new NoOpFlightProducer(),
            intake)
        .port();
  }

  /** Nothing is ever kept of what is acked. */
  private record NoRows() implements Persisting {
    @Override
    public boolean hasTooManyBatches() {
      return false;
    }

    @Override
    public long bytesOver() {
      return -1;
    }

    @Override
    public long bytesFreed() {
      return 0;
    }

    @Override
    public @Nullable String failure() {
      return null;
    }
  }

  private static int raw() throws IOException {
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("bench.Raw").addMethod(RAW, new RawHandler()).build();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .flowControlWindow(WINDOW_BYTES)
            .maxInboundMessageSize(64 << 20)
            .addService(service)
            .build()
            .start();
    return server.getPort();
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
        .setFullMethodName(name)
        .setRequestMarshaller(RawBytes.INSTANCE)
        .setResponseMarshaller(RawBytes.INSTANCE)
        .build();
  }

  /** Acks each message, as cheaply as can be. */
  private static final class RawHandler implements ServerCallHandler<byte[], byte[]> {

    @Override
    public ServerCall.Listener<byte[]> startCall(
        ServerCall<byte[], byte[]> call, Metadata headers) {
      call.sendHeaders(new Metadata());
      call.request(CREDIT);
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(byte[] message) {
          call.sendMessage(new byte[32]);
          call.request(1);
        }

        @Override
        public void onHalfClose() {
          call.close(Status.OK, new Metadata());
        }
      };
    }
  }
}
