package io.sluice.bench.figures;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.ReadTicket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * Asks a Writer that is being started, again and again until it answers, for the first rows of a
 * table and for a first ack. Each has a thread of its own.
 */
final class FirstAnswers {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final CompletableFuture<Long> read = new CompletableFuture<>();
  private final CompletableFuture<Long> acked = new CompletableFuture<>();

  private FirstAnswers() {}

  /** Begins to ask. */
  static FirstAnswers of(HostPort writer, PutMessages.Put put) {
    FirstAnswers answers = new FirstAnswers();
    answers.thread("first-read", answers.read, () -> read(writer));
    answers.thread("first-ack", answers.acked, () -> ack(writer, put));
    return answers;
  }

  /** Nanos of the clock when the first rows of a hot read came. */
  long readAt() throws InterruptedException, ExecutionException, TimeoutException {
    return read.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Nanos of the clock when the first put was answered. */
  long ackedAt() throws InterruptedException, ExecutionException, TimeoutException {
    return acked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private interface Attempt {
    /** Whether it was answered. */
    boolean succeeded() throws InterruptedException;
  }

  private void thread(String name, CompletableFuture<Long> done, Attempt attempt) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!attempt.succeeded()) {
                  Thread.sleep(PAUSE.toMillis());
                }
                done.complete(System.nanoTime());
              } catch (InterruptedException | RuntimeException e) {
                done.completeExceptionally(e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private static boolean read(HostPort writer) throws InterruptedException {
    ReadTicket ticket =
        new ReadTicket(
            ReadTicket.DEFAULT_TENANT, Table.LOGS, Map.of(), List.of("time"), null, null, false);
    try (BufferAllocator allocator = new RootAllocator();
        FlightClient client =
            FlightClient.builder(allocator, Location.forGrpcInsecure(writer.host(), writer.port()))
                .build();
        FlightStream stream = client.getStream(new Ticket(ticket.toJson()))) {
      while (stream.next()) {
        if (stream.getRoot().getRowCount() > 0) {
          stream.cancel("seen", null);
          return true;
        }
      }
      return true; // all there is, and that is nothing
    } catch (InterruptedException e) {
      throw e;
    } catch (FlightRuntimeException e) {
      return false; // nobody listens yet
    } catch (Exception e) {
      throw new IllegalStateException("cannot read", e);
    }
  }

  private static boolean ack(HostPort writer, PutMessages.Put put) throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(writer.host(), writer.port()).usePlaintext().build();
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    try {
      ClientCall<byte[], byte[]> call = channel.newCall(PutServer.PUT, CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onMessage(byte[] answer) {
              answered.complete(true);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              answered.complete(false);
            }
          },
          new Metadata());
      call.request(1);
      call.sendMessage(PutMessages.opening(put.table()));
      UUID id = UUID.randomUUID();
      call.sendMessage(
          put.withId(new BatchId(id.getMostSignificantBits(), id.getLeastSignificantBits())));
      return answered.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot put", e);
    } finally {
      channel.shutdownNow();
    }
  }
}
