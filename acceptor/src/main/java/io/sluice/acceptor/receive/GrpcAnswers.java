package io.sluice.acceptor.receive;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
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
    if (outcome instanceof Outcome.Malformed malformed) {
      return malformed(malformed);
    }
    if (outcome instanceof Outcome.TooLarge large) {
      return permanent(Status.RESOURCE_EXHAUSTED, large.why());
    }
    if (outcome instanceof Outcome.Overloaded overloaded) {
      return retryable(Status.RESOURCE_EXHAUSTED, overloaded.why(), overloaded.retryAfterMillis());
    }
    if (outcome instanceof Outcome.Unavailable unavailable) {
      return retryable(Status.UNAVAILABLE, unavailable.why(), unavailable.retryAfterMillis());
    }
    throw new IllegalArgumentException("cannot refuse what was stored: " + outcome);
  }

  private static Refusal permanent(Status status, String why) {
    return new Refusal(status.withDescription(OtlpAnswers.clipped(why)), new Metadata());
  }

  private static Refusal malformed(Outcome.Malformed malformed) {
    String why = OtlpAnswers.clipped(malformed.why());
    BadRequest details =
        BadRequest.newBuilder()
            .addFieldViolations(
                BadRequest.FieldViolation.newBuilder()
                    .setField(OtlpAnswers.clipped(malformed.where()))
                    .setDescription(why))
            .build();
    return detailed(Status.INVALID_ARGUMENT, why, details);
  }

  private static Refusal retryable(Status status, String why, int hint) {
    int millis = Math.max(1, hint); // clients take a delay of none as "do not retry"
    RetryInfo retry =
        RetryInfo.newBuilder()
            .setRetryDelay(
                Duration.newBuilder()
                    .setSeconds(millis / 1_000)
                    .setNanos(millis % 1_000 * 1_000_000))
            .build();
    Refusal refusal = detailed(status, OtlpAnswers.clipped(why), retry);
    refusal.trailers().put(RETRY_INFO, retry);
    return refusal;
  }

  private static Refusal detailed(Status status, String why, Message detail) {
    com.google.rpc.Status details =
        com.google.rpc.Status.newBuilder()
            .setCode(status.getCode().value())
            .setMessage(why)
            .addDetails(Any.pack(detail))
            .build();
    StatusRuntimeException exception = StatusProto.toStatusRuntimeException(details);
    Metadata trailers = exception.getTrailers();
    if (trailers == null) {
      throw new IllegalStateException("no trailers for " + details);
    }
    return new Refusal(exception.getStatus(), trailers);
  }

  private GrpcAnswers() {}
}
