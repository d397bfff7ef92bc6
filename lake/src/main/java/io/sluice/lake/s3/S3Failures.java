package io.sluice.lake.s3;

import java.io.IOException;
import java.util.function.Supplier;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the SDK throws, as Iceberg and its callers know it. */
final class S3Failures {

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  /**
   * @throws NotFoundException there is no such object
   * @throws RuntimeIOException anything else that the store or the way to it did
   */
  static <T> T unchecked(String what, String location, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      if (isMissing(e)) {
        throw new NotFoundException(e, "cannot find file: %s", location);
      }
      throw unchecked(what, location, e);
    }
  }

  static RuntimeIOException unchecked(String what, String location, SdkException e) {
    IOException cause = checked(what, location, e);
    return new RuntimeIOException(cause, "%s", cause.getMessage());
  }

  static IOException checked(String what, String location, Throwable e) {
    return new IOException("cannot %s: %s: %s".formatted(what, location, S3Reason.of(e)), e);
  }

  /** Also the answer to a HEAD, which has no body that could say so; not a missing bucket. */
  static boolean isMissing(SdkException e) {
    return e instanceof AwsServiceException answer
        && answer.statusCode() == NOT_FOUND
        && !S3Reason.code(answer).equals("NoSuchBucket");
  }

  /** Somebody else's request to the same object was under way: nothing is done, of ours. */
  static boolean isConflict(Throwable e) {
    return e instanceof AwsServiceException answer
        && answer.statusCode() == CONFLICT
        && S3Reason.code(answer).equals("ConditionalRequestConflict");
  }

  /** The keys were good, and are so no more. */
  static boolean isExpired(Throwable e) {
    return e instanceof AwsServiceException answer
        && (S3Reason.code(answer).equals("ExpiredToken")
            || S3Reason.code(answer).equals("TokenRefreshRequired"));
  }

  private S3Failures() {}
}
