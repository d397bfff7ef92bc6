package io.sluice.lake;

import java.io.Serial;
import org.apache.iceberg.util.Tasks;

/**
 * A file cannot be read, written or deleted now. Iceberg tries nothing again that ends so: when to
 * try again is decided above it.
 */
class FileFailedException extends Tasks.UnrecoverableException {
  @Serial private static final long serialVersionUID = 1;

  FileFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
