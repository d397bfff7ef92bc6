package io.sluice.bench.figures;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A server's process, and one stream of messages to it. One thread uses it. */
final class PutClient implements AutoCloseable {

  private static final int IN_FLIGHT = 8;

  private final Process server;
  private final ManagedChannel channel;
  private final ClientCall<byte[], byte[]> call;
  private final byte[] message;
  private final Semaphore credit = new Semaphore(IN_FLIGHT);
  private volatile @Nullable Status ended;

  private PutClient(
      Process server, int port, MethodDescriptor<byte[], byte[]> method, byte[] message) {
    this.server = server;
    this.message = message;
    this.channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    this.call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(new Answers(), new Metadata());
    call.request(Integer.MAX_VALUE);
  }

  /**
   * Starts a server of this kind and opens a stream to it.
   *
   * @param opening the stream's first message; null = none
   */
  static PutClient open(
      String kind,
      MethodDescriptor<byte[], byte[]> method,
      byte @Nullable [] opening,
      byte[] message)
      throws IOException {
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Darrow.allocation.manager.type=Unsafe",
                "-Dsluice.log.level=WARN",
                "-Dio.netty.tryReflectionSetAccessible=true",
                "-Xms512m",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                PutServer.class.getName(),
                kind)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("port ")) {
        int port = Integer.parseInt(line.substring("port ".length()));
        PutClient client = new PutClient(server, port, method, message);
        if (opening != null) {
          client.call.sendMessage(opening);
        }
        return client;
      }
    }
    throw new IOException("cannot measure: the server " + kind + " has ended");
  }

  /** The server's CPU nanoseconds for a byte, over at least so many seconds. */
  double cpuNanosPerByte(double seconds) throws IOException, InterruptedException {
    Duration before = cpu();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    long sent = 0;
    while (System.nanoTime() < end) {
      credit.acquire();
      if (ended != null) {
        throw new IOException("cannot measure: the stream ended: " + ended);
      }
      call.sendMessage(message);
      sent++;
    }
    credit.acquire(IN_FLIGHT);
    credit.release(IN_FLIGHT);
    return (double) cpu().minus(before).toNanos() / ((double) sent * message.length);
  }

  private Duration cpu() {
    return server.info().totalCpuDuration().orElseThrow();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.destroyForcibly();
  }

  private final class Answers extends ClientCall.Listener<byte[]> {
    @Override
    public void onMessage(byte[] answer) {
      credit.release();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended = status;
      credit.release(IN_FLIGHT);
    }
  }
}
