package io.sluice.lake.s3;

import java.io.IOException;
import java.util.function.Supplier;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What the SDK throws, as Iceberg and its callers know it. */
final class S3Failures {

  private static final int NOT_FOUND = 404;

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
      throw new RuntimeIOException(
          checked(what, location, e), "cannot %s: %s (%s)", what, location, e.getMessage());
    }
  }

  static IOException checked(String what, String location, SdkException e) {
    return new IOException("cannot %s: %s: %s".formatted(what, location, e.getMessage()), e);
  }

  /** Also the answer to a HEAD, which has no body that could say so. */
  static boolean isMissing(SdkException e) {
    return e instanceof S3Exception answer && answer.statusCode() == NOT_FOUND;
  }

  private S3Failures() {}
}
