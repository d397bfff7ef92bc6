package io.sluice.acceptor.receive;

import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;

/**
 * An outcome as a gRPC status and its trailers. RetryInfo goes into both trailers that clients look
 * at: grpc-status-details-bin (Collector, Go) and google.rpc.retryinfo-bin (Python).
 */
final class GrpcAnswers {

  private static final Metadata.Key<RetryInfo> RETRY_INFO =
      ProtoUtils.keyForProto(RetryInfo.getDefaultInstance());

  /** How a call ends that is not answered with a message. */
  record Refusal(Status status, Metadata trailers) {}

  static Refusal of(Outcome outcome) {
    com.google.rpc.Status told = RpcStatus.of(outcome);
    StatusRuntimeException exception = StatusProto.toStatusRuntimeException(told);
    Metadata trailers = exception.getTrailers();
    if (trailers == null) {
      throw new IllegalStateException("no trailers for " + told);
    }
    if (outcome instanceof Outcome.Overloaded overloaded) {
      trailers.put(RETRY_INFO, RpcStatus.retryInfo(overloaded.retryAfterMillis()));
    } else if (outcome instanceof Outcome.Unavailable unavailable) {
      trailers.put(RETRY_INFO, RpcStatus.retryInfo(unavailable.retryAfterMillis()));
    }
    return new Refusal(exception.getStatus(), trailers);
  }

  private GrpcAnswers() {}
}
