package io.sluice.acceptor.receive;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;

/**
 * What is said of a request that is not taken, whatever the protocol: google.rpc.Status, with
 * BadRequest where sending it again is useless because of what it is, and RetryInfo where it is
 * not.
 */
final class RpcStatus {

  private static final int MILLI = 1_000_000;

  static Status of(Outcome outcome) {
    if (outcome instanceof Outcome.Malformed malformed) {
      return malformed(malformed);
    }
    if (outcome instanceof Outcome.TooLarge large) {
      return of(Code.RESOURCE_EXHAUSTED, large.why());
    }
    if (outcome instanceof Outcome.Denied denied) {
      return switch (denied.reason()) {
        case UNKNOWN_CALLER -> of(Code.UNAUTHENTICATED, denied.why());
        case NOT_ALLOWED -> of(Code.PERMISSION_DENIED, denied.why());
      };
    }
    if (outcome instanceof Outcome.Overloaded overloaded) {
      return retryable(Code.RESOURCE_EXHAUSTED, overloaded.why(), overloaded.retryAfterMillis());
    }
    if (outcome instanceof Outcome.Unavailable unavailable) {
      return retryable(Code.UNAVAILABLE, unavailable.why(), unavailable.retryAfterMillis());
    }
    throw new IllegalArgumentException("cannot refuse what was stored: " + outcome);
  }

  static Status of(Code code, String why) {
    return Status.newBuilder()
        .setCode(code.getNumber())
        .setMessage(OtlpAnswers.clipped(why))
        .build();
  }

  /** At least a millisecond: clients take a delay of none as "do not come again". */
  static RetryInfo retryInfo(int hint) {
    int millis = Math.max(1, hint);
    return RetryInfo.newBuilder()
        .setRetryDelay(
            Duration.newBuilder().setSeconds(millis / 1_000).setNanos(millis % 1_000 * MILLI))
        .build();
  }

  private static Status malformed(Outcome.Malformed malformed) {
    Status status = of(Code.INVALID_ARGUMENT, malformed.why());
    BadRequest details =
        BadRequest.newBuilder()
            .addFieldViolations(
                BadRequest.FieldViolation.newBuilder()
                    .setField(OtlpAnswers.clipped(malformed.where()))
                    .setDescription(status.getMessage()))
            .build();
    return status.toBuilder().addDetails(Any.pack(details)).build();
  }

  private static Status retryable(Code code, String why, int millis) {
    return of(code, why).toBuilder().addDetails(Any.pack(retryInfo(millis))).build();
  }

  private RpcStatus() {}
}
