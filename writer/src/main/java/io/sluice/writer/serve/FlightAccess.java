package io.sluice.writer.serve;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.sluice.schema.security.Access;
import io.sluice.schema.security.Caller;
import io.sluice.schema.security.DeniedException;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;

/** Lets in who is known, and tells those who answer a call who it is. Any thread. */
final class FlightAccess implements ServerInterceptor {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Context.Key<Caller> CALLER = Context.key("sluice-caller");

  private final Access access;
  private final String put;

  /**
   * @param put full name of the method that is for services alone
   */
  FlightAccess(Access access, String put) {
    this.access = access;
    this.put = put;
  }

  /** Who makes the call that this thread answers. */
  static Caller caller() {
    Caller caller = CALLER.get();
    if (caller == null) {
      throw new IllegalStateException("a call was let in without being looked at");
    }
    return caller;
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    try {
      Caller caller = access.caller(headers.get(AUTHORIZATION));
      if (call.getMethodDescriptor().getFullMethodName().equals(put)) {
        caller.requireService();
        return next.startCall(call, headers);
      }
      return Contexts.interceptCall(
          Context.current().withValue(CALLER, caller), call, headers, next);
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
