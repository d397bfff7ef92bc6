package io.sluice.query.flightsql;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.sluice.query.SqlScope;
import io.sluice.schema.security.Access;
import io.sluice.schema.security.Caller;
import io.sluice.schema.security.DeniedException;
import io.sluice.schema.security.Scope;
import io.sluice.schema.security.TenantId;
import io.sluice.schema.service.CallerHeader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who may read, and tells those who answer a call who it is. A client that has a user and a
 * password shows them once, in a handshake; the password is the token, which it is to show with
 * each call. Any thread.
 */
final class SqlAccess implements ServerInterceptor {

  private static final String HANDSHAKE = "arrow.flight.protocol.FlightService/Handshake";
  private static final Metadata.Key<String> AUTHORIZATION = key("authorization");
  private static final Metadata.Key<String> TENANT = key("x-scope-orgid");
  private static final Metadata.Key<String> USER_AGENT = key("user-agent");

  /** Arrow's JDBC driver, which has no getObject() for times with a zone, calls itself so. */
  private static final String NO_ZONES = "grpc-java";

  private static final Context.Key<Visitor> VISITOR = Context.key("sluice-sql-visitor");

  private final Access access;
  private final Consumer<@Nullable SocketAddress> known;

  /**
   * @param known told from where somebody calls who is known
   */
  SqlAccess(Access access, Consumer<@Nullable SocketAddress> known) {
    this.access = access;
    this.known = known;
  }

  /** Who makes the call that this thread answers. */
  static Visitor visitor() {
    Visitor visitor = VISITOR.get();
    if (visitor == null) {
      throw new IllegalStateException("a call was let in without being looked at");
    }
    return visitor;
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    List<String> shown = values(headers, AUTHORIZATION);
    List<String> asked = values(headers, TENANT);
    String several = CallerHeader.AUTHORIZATION.refusal(shown);
    several = several == null ? CallerHeader.TENANT.refusal(asked) : several;
    if (several != null) {
      return refuse(call, Status.INVALID_ARGUMENT.withDescription(several));
    }
    String authorization = CallerHeader.only(shown);
    try {
      Caller caller = access.caller(authorization);
      SqlScope scope = scope(caller, CallerHeader.only(asked));
      SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      known.accept(peer);
      if (call.getMethodDescriptor().getFullMethodName().equals(HANDSHAKE)) {
        return greet(call, authorization);
      }
      return Contexts.interceptCall(
          Context.current().withValue(VISITOR, visitor(caller, scope, peer, headers)),
          call,
          headers,
          next);
    } catch (DeniedException e) {
      Status status =
          switch (e.why()) {
            case UNKNOWN_CALLER -> Status.UNAUTHENTICATED;
            case NOT_ALLOWED -> Status.PERMISSION_DENIED;
          };
      return refuse(call, status.withDescription(e.sentence()));
    }
  }

  private static Visitor visitor(
      Caller caller, SqlScope scope, @Nullable SocketAddress peer, Metadata headers) {
    String host = peer instanceof InetSocketAddress address ? address.getHostString() : "";
    String agent = headers.get(USER_AGENT);
    return new Visitor(
        caller,
        scope,
        caller.service() ? host : caller,
        agent == null || !agent.startsWith(NO_ZONES));
  }

  private static SqlScope scope(Caller caller, @Nullable String asked) throws DeniedException {
    String own = caller.tenant();
    String tenant = asked != null ? asked : own != null ? own : TenantId.DEFAULT;
    if (!TenantId.is(tenant)) {
      throw new DeniedException(
          DeniedException.Why.NOT_ALLOWED,
          "cannot take X-Scope-OrgID: it is no tenant's id (of the form %s)"
              .formatted(TenantId.FORM));
    }
    caller.require(Scope.READ, tenant);
    return new SqlScope(tenant, own == null);
  }

  /** Drivers take from the answer's header what they show from then on. */
  private static <A, B> ServerCall.Listener<A> greet(
      ServerCall<A, B> call, @Nullable String authorization) {
    String token = Access.token(authorization);
    Metadata headers = new Metadata();
    headers.put(
        AUTHORIZATION, "Bearer " + (token != null && token.matches("[!-~]+") ? token : "anybody"));
    call.sendHeaders(headers);
    call.close(Status.OK, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static <A, B> ServerCall.Listener<A> refuse(ServerCall<A, B> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static List<String> values(Metadata headers, Metadata.Key<String> key) {
    List<String> values = new ArrayList<>();
    Iterable<String> all = headers.getAll(key);
    if (all != null) {
      all.forEach(values::add);
    }
    return values;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
