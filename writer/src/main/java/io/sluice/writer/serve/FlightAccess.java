package io.sluice.writer.serve;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.sluice.schema.security.Access;
import io.sluice.schema.security.Caller;
import io.sluice.schema.security.DeniedException;
import io.sluice.schema.service.CallerHeader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.jspecify.annotations.Nullable;

/** Lets in who is known, and tells those who answer a call who it is. Any thread. */
final class FlightAccess implements ServerInterceptor {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Context.Key<Caller> CALLER = Context.key("sluice-caller");
  private static final Context.Key<String> PEER = Context.key("sluice-peer");

  private final Access access;
  private final String put;
  private final Consumer<@Nullable SocketAddress> known;

  /**
   * @param put full name of the method that is for services alone
   * @param known told from where somebody calls who is known
   */
  FlightAccess(Access access, String put, Consumer<@Nullable SocketAddress> known) {
    this.access = access;
    this.put = put;
    this.known = known;
  }

  /** Who makes the call that this thread answers. */
  static Caller caller() {
    Caller caller = CALLER.get();
    if (caller == null) {
      throw new IllegalStateException("a call was let in without being looked at");
    }
    return caller;
  }

  /** From which host that call comes; empty if that is not known. */
  static String peer() {
    String peer = PEER.get();
    return peer == null ? "" : peer;
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    List<String> shown = values(headers);
    String several = CallerHeader.AUTHORIZATION.refusal(shown);
    if (several != null) {
      call.close(Status.INVALID_ARGUMENT.withDescription(several), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    try {
      Caller caller = access.caller(CallerHeader.only(shown));
      SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      known.accept(peer);
      if (call.getMethodDescriptor().getFullMethodName().equals(put)) {
        caller.requireService();
        return next.startCall(call, headers);
      }
      return Contexts.interceptCall(
          Context.current().withValues(CALLER, caller, PEER, host(peer)), call, headers, next);
    } catch (DeniedException e) {
      Status status =
          switch (e.why()) {
            case UNKNOWN_CALLER -> Status.UNAUTHENTICATED;
            case NOT_ALLOWED -> Status.PERMISSION_DENIED;
          };
      call.close(status.withDescription(e.sentence()), new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }

  private static List<String> values(Metadata headers) {
    List<String> values = new ArrayList<>();
    Iterable<String> all = headers.getAll(AUTHORIZATION);
    if (all != null) {
      all.forEach(values::add);
    }
    return values;
  }

  private static String host(@Nullable SocketAddress peer) {
    return peer instanceof InetSocketAddress address ? address.getHostString() : "";
  }

  /** The same, where a call is being answered. */
  static FlightRuntimeException denied(DeniedException e) {
    return switch (e.why()) {
      case UNKNOWN_CALLER ->
          CallStatus.UNAUTHENTICATED.withDescription(e.sentence()).toRuntimeException();
      case NOT_ALLOWED ->
          CallStatus.UNAUTHORIZED.withDescription(e.sentence()).toRuntimeException();
    };
  }
}
