package io.sluice.lake.s3;

import java.io.IOException;

/** An object that was to be made is there already, and is somebody else's. */
final class S3ExistsException extends IOException {

  private static final long serialVersionUID = 1L;

  S3ExistsException(String message, Throwable cause) {
    super(message, cause);
  }
}
