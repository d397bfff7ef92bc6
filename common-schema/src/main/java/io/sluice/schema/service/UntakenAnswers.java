package io.sluice.schema.service;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers on a gRPC port that their clients do not take. HTTP/2 lets a client ask and give no
 * window for the answer; grpc-java keeps it, and the call, for as long as the connection lives. So
 * a connection is cut that lets an answer wait for too long; and when all that wait take too much
 * memory, the one that has most of them. Calls that stream have bounds of their own until they end.
 * Told by event loops and the threads that answer.
 */
public final class UntakenAnswers extends ServerStreamTracer.Factory {

  /** What a call takes beside its bytes, about. */
  private static final int CALL_BYTES = 4 << 10;

  /** What grpc-java has of a stream at most that it calls ready. */
  private static final int READY_BYTES = 32 << 10;

  private static final Context.Key<Answer> KEY = Context.key("sluice-untaken-answer");

  private final Predicate<String> once;
  private final Duration patience;
  private final long mostBytes;
  private final LongSupplier nanoClock;
  private final Consumer<SocketAddress> cut;
  private final LongAdder connectionsCut;
  private final Set<Answer> waiting = ConcurrentHashMap.newKeySet();
  private final AtomicLong waitingBytes = new AtomicLong();

  /**
   * @param once which methods, by their full names, answer at once, and then end; the others are
   *     looked at when they have ended
   * @param patience how long an answer may wait
   * @param mostBytes what all that wait may have, with some KiB for each call
   * @param connectionsCut counts them
   * @param cut closes the connection of a peer
   */
  public UntakenAnswers(
      Predicate<String> once,
      Duration patience,
      long mostBytes,
      LongAdder connectionsCut,
      LongSupplier nanoClock,
      Consumer<SocketAddress> cut) {
    this.once = once;
    this.patience = patience;
    this.mostBytes = mostBytes;
    this.nanoClock = nanoClock;
    this.cut = cut;
    this.connectionsCut = connectionsCut;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Answer(once.test(method));
  }

  /** Sees when calls that stream end. */
  public static ServerInterceptor ends() {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Answer answer = KEY.get();
        return next.startCall(answer == null ? call : answer.seen(call), headers);
      }
    };
  }

  /** Cuts those that have waited for too long; to be called every now and then. */
  public void look() {
    long now = nanoClock.getAsLong();
    Set<SocketAddress> slow = new HashSet<>();
    for (Answer answer : waiting) {
      SocketAddress peer = answer.peer;
      if (peer != null && now - answer.begun > patience.toNanos()) {
        slow.add(peer);
      }
    }
    slow.forEach(this::cut);
  }

  private void cut(SocketAddress peer) {
    waiting.stream().filter(answer -> peer.equals(answer.peer)).forEach(Answer::forget); // once
    connectionsCut.increment();
    cut.accept(peer);
  }

  /** One at a time: who comes next finds what the first has made room for. */
  private synchronized void makeRoom() {
    if (waitingBytes.get() <= mostBytes) {
      return;
    }
    Map<SocketAddress, Long> bytes = new HashMap<>();
    for (Answer answer : waiting) {
      SocketAddress peer = answer.peer;
      if (peer != null) {
        bytes.merge(peer, answer.bytes.get(), Long::sum);
      }
    }
    bytes.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .ifPresent(most -> cut(most.getKey()));
  }

  private final class Answer extends ServerStreamTracer {
    private final AtomicLong bytes = new AtomicLong();
    private volatile long begun;
    private volatile @Nullable SocketAddress peer;
    private volatile boolean ended;
    private final boolean single;

    Answer(boolean single) {
      this.single = single;
    }

    @Override
    public Context filterContext(Context context) {
      return context.withValue(KEY, this);
    }

    private <Q, A> ServerCall<Q, A> seen(ServerCall<Q, A> call) {
      return new SimpleForwardingServerCall<>(call) {
        @Override
        public void close(Status status, Metadata trailers) {
          if (!single) {
            begin(READY_BYTES);
          }
          super.close(status, trailers);
        }
      };
    }

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> call) {
      peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    }

    @Override
    public void outboundMessage(int sequence) {
      if (single && sequence == 0) {
        begin(0);
      }
    }

    private void begin(int more) {
      begun = nanoClock.getAsLong();
      waiting.add(this);
      if (ended) {
        waiting.remove(this);
      }
      add(CALL_BYTES + more);
    }

    @Override
    public void outboundWireSize(long more) {
      if (single) {
        add(more);
      }
    }

    private void add(long more) {
      if (!ended) {
        bytes.addAndGet(more);
        if (waitingBytes.addAndGet(more) > mostBytes) {
          makeRoom();
        }
        if (ended) {
          giveBack();
        }
      }
    }

    @Override
    public void streamClosed(Status status) {
      forget();
    }

    private void forget() {
      ended = true;
      waiting.remove(this);
      giveBack();
    }

    private void giveBack() {
      waitingBytes.addAndGet(-bytes.getAndSet(0));
    }
  }
}
