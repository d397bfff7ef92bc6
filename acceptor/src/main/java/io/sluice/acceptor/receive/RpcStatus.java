package io.sluice.acceptor.receive;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;

/**
 * What is said of a request that is not taken: google.rpc.Status, with BadRequest where sending it
 * again is useless because of what it is, and RetryInfo where it is not.
 */
final class RpcStatus {

  private static final int MILLI = 1_000_000;

  static Status of(Code code, String why) {
    return Status.newBuilder()
        .setCode(code.getNumber())
        .setMessage(OtlpAnswers.clipped(why))
        .build();
  }

  static Status malformed(String why) {
    Status status = of(Code.INVALID_ARGUMENT, why);
    BadRequest details =
        BadRequest.newBuilder()
            .addFieldViolations(
                BadRequest.FieldViolation.newBuilder().setDescription(status.getMessage()))
            .build();
    return status.toBuilder().addDetails(Any.pack(details)).build();
  }

  static Status retryable(Code code, String why, int millis) {
    RetryInfo details =
        RetryInfo.newBuilder()
            .setRetryDelay(
                Duration.newBuilder().setSeconds(millis / 1_000).setNanos(millis % 1_000 * MILLI))
            .build();
    return of(code, why).toBuilder().addDetails(Any.pack(details)).build();
  }

  private RpcStatus() {}
}
