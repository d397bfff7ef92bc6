package io.sluice.lake;

import java.io.Serial;

/** A table's metadata file was read, and is none. */
final class DamagedMetadataException extends FileFailedException {
  @Serial private static final long serialVersionUID = 1;

  DamagedMetadataException(String message, Throwable cause) {
    super(message, cause);
  }
}
