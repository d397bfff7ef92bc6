package io.sluice.acceptor;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Writer as the Acceptor sees it: takes DoPut streams, remembers batches, and answers as it is
 * told to. What to do with a message is up to {@link #onPut}; by default it is stored.
 */
public final class FakeWriter implements AutoCloseable {

  /** One message that came, and the stream it came by. */
  public record Put(
      List<String> path,
      PutMetadata metadata,
      ByteBuffer header,
      ByteBuffer body,
      StreamObserver<byte[]> stream) {

    public void answer(PutAnswer answer) {
      stream.onNext(oneField(answer.toBytes()));
    }

    public void notLeader(String leader) {
      long sequence = metadata.sequence();
      answer(
          new PutAnswer(
              PutAnswer.Status.NOT_LEADER, PutAnswer.Want.ROOM, sequence, 0, List.of(), leader));
    }

    public void loseStream() {
      stream.onError(Status.UNAVAILABLE.withDescription("lost").asRuntimeException());
    }

    public List<BatchId> ids() {
      return metadata.batches().stream().map(PutMetadata.Batch::id).toList();
    }
  }

  private final BlockingQueue<Put> puts = new LinkedBlockingQueue<>();
  private final Map<BatchId, Integer> stored = new LinkedHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Consumer<Put> behaviour = this::store;
  private volatile Consumer<StreamObserver<byte[]>> whoLeads =
      answer -> answer.onError(Status.UNIMPLEMENTED.asRuntimeException());
  private final int port;
  private Server server;

  public FakeWriter() throws IOException {
    this(0);
  }

  public FakeWriter(int port) throws IOException {
    server = start(port);
    this.port = server.getPort();
  }

  public HostPort address() {
    return new HostPort("127.0.0.1", port);
  }

  /** What happens to each message from now on. */
  public void onPut(Consumer<Put> behaviour) {
    this.behaviour = behaviour;
  }

  /** What the action {@code logs} says from now on; null for nothing, ever. */
  public void onLogs(Supplier<@Nullable String> json) {
    whoLeads =
        answer -> {
          String said = json.get();
          if (said != null) {
            answer.onNext(oneField(said.getBytes(StandardCharsets.UTF_8)));
            answer.onCompleted();
          }
        };
  }

  /** How often it was asked who leads. */
  public int asked() {
    return asked.get();
  }

  /** The next message, in the order of arrival. */
  public Put nextPut() throws InterruptedException {
    return Objects.requireNonNull(puts.poll(30, TimeUnit.SECONDS), "no put came");
  }

  /** Messages that came and were not asked for. */
  public int putsWaiting() {
    return puts.size();
  }

  /** Remembers the batches and says which it knew. */
  public void store(Put put) {
    put.answer(PutAnswer.done(put.metadata.sequence(), remember(put)));
  }

  /** Remembers the batches and says nothing, as a Writer does that is lost before it answers. */
  public List<Boolean> remember(Put put) {
    List<Boolean> repeats = new ArrayList<>();
    synchronized (stored) {
      for (PutMetadata.Batch batch : put.metadata.batches()) {
        repeats.add(stored.putIfAbsent(batch.id(), batch.rows()) != null);
      }
    }
    return repeats;
  }

  /** Rows of batches stored, each batch once. */
  public long storedRows() {
    synchronized (stored) {
      return stored.values().stream().mapToLong(Integer::longValue).sum();
    }
  }

  public int storedBatches() {
    synchronized (stored) {
      return stored.size();
    }
  }

  /** Goes away with all of its streams; what it has stored stays. */
  public void stop() throws InterruptedException {
    server.shutdownNow().awaitTermination();
  }

  /** Comes back on the same port. */
  public void restart() throws IOException {
    server = start(port);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static byte[] oneField(byte[] value) {
    ByteBuffer result = ByteBuffer.allocate(6 + value.length);
    result.put((byte) 0x0a);
    FlightFrame.putVarint(result, value.length);
    result.put(value).flip();
    byte[] bytes = new byte[result.remaining()];
    result.get(bytes);
    return bytes;
  }

  private Server start(int port) throws IOException {
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName("arrow.flight.protocol.FlightService/DoPut")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    MethodDescriptor<byte[], byte[]> action =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .setFullMethodName("arrow.flight.protocol.FlightService/DoAction")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("arrow.flight.protocol.FlightService")
            .addMethod(method, ServerCalls.asyncBidiStreamingCall(Stream::new))
            .addMethod(
                action,
                ServerCalls.asyncServerStreamingCall(
                    (request, answer) -> {
                      asked.incrementAndGet();
                      whoLeads.accept(answer);
                    }))
            .build();
    return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
        .maxInboundMessageSize(Integer.MAX_VALUE)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .addService(service)
        .build()
        .start();
  }

  private final class Stream implements StreamObserver<byte[]> {
    private final StreamObserver<byte[]> answers;
    private List<String> path;

    Stream(StreamObserver<byte[]> answers) {
      this.answers = answers;
    }

    @Override
    public void onNext(byte[] message) {
      try {
        FlightFrame frame = FlightFrame.parse(ByteBuffer.wrap(message));
        if (path == null) {
          path = Objects.requireNonNull(frame.path(), "a stream begins with its path");
          return;
        }
        PutMetadata metadata = PutMetadata.parse(frame.metadata());
        Put put = new Put(path, metadata, frame.header(), frame.body(), answers);
        puts.add(put);
        behaviour.accept(put);
      } catch (Exception e) {
        answers.onError(Status.INTERNAL.withCause(e).withDescription("" + e).asException());
      }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
      answers.onCompleted();
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
