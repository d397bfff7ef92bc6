package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class UntakenAnswersTest {

  private final List<SocketAddress> cut = new ArrayList<>();
  private long seconds = 1_000;
  private final UntakenAnswers answers =
      new UntakenAnswers(
          method -> !method.equals("stream"),
          Duration.ofSeconds(60),
          1 << 20,
          new LongAdder(),
          () -> TimeUnit.SECONDS.toNanos(seconds),
          cut::add);

  private static SocketAddress peer(int port) {
    return InetSocketAddress.createUnresolved("there", port);
  }

  private ServerStreamTracer call(String method, SocketAddress from) {
    ServerStreamTracer tracer = answers.newServerStreamTracer(method, new Metadata());
    tracer.serverCallStarted(
        new ServerStreamTracer.ServerCallInfo<InputStream, InputStream>() {
          @Override
          public MethodDescriptor<InputStream, InputStream> getMethodDescriptor() {
            return MethodDescriptor.<InputStream, InputStream>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method + "/" + method)
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
          }

          @Override
          public Attributes getAttributes() {
            return Attributes.newBuilder().set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, from).build();
          }

          @Override
          public @Nullable String getAuthority() {
            return null;
          }
        });
    return tracer;
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<InputStream> {
    @Override
    public InputStream stream(InputStream value) {
      return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
      return new ByteArrayInputStream(new byte[0]);
    }
  }

  private static void answer(ServerStreamTracer call, int bytes) {
    call.outboundMessage(0);
    call.outboundWireSize(bytes);
  }

  @Test
  void whoLetsAnAnswerWaitForTooLongIsCutAndWhoTakesItIsNot() {
    answer(call("unary", peer(1)), 10);
    ServerStreamTracer taken = call("unary", peer(2));
    answer(taken, 10);
    answer(call("stream", peer(3)), 10);
    call("unary", peer(4)); // is not answered yet
    seconds += 60;
    answers.look();
    assertThat(cut).isEmpty();
    taken.streamClosed(Status.OK);
    seconds++;
    answers.look();
    assertThat(cut).containsExactly(peer(1));
  }

  @Test
  void whenAllThatWaitTakeTooMuchWhoHasMostOfItIsCut() {
    for (int i = 0; i < 3; i++) {
      answer(call("unary", peer(i)), 100_000);
    }
    List<ServerStreamTracer> many = new ArrayList<>();
    while (cut.isEmpty()) {
      assertThat(many).as("calls count, too").hasSizeLessThan((1 << 20) / (4 << 10));
      many.add(call("unary", peer(9)));
      answer(many.get(many.size() - 1), 0);
    }
    assertThat(cut).containsExactly(peer(9));
    many.forEach(call -> call.streamClosed(Status.CANCELLED));
    for (int i = 0; i < 8; i++) {
      ServerStreamTracer large = call("unary", peer(20 + i)); // what was cut has made room
      answer(large, 500_000);
      large.streamClosed(Status.OK);
    }
    assertThat(cut).containsExactly(peer(9));
  }
}
