package io.sluice.lake.s3;

import java.io.IOException;

/** The bytes of an answer come, and too slowly: another request would not make it better. */
final class SlowStoreException extends IOException {

  private static final long serialVersionUID = 1L;

  SlowStoreException(String message) {
    super(message);
  }
}
