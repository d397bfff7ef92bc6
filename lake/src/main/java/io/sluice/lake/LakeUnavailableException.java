package io.sluice.lake;

import java.io.IOException;
import org.apache.iceberg.exceptions.NotFoundException;

/**
 * The catalog or the store did not answer, or refused for now: retry later. What was being
 * committed may or may not be in the table; the table's mark will say.
 */
public final class LakeUnavailableException extends IOException {

  private static final long serialVersionUID = 1L;

  LakeUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether disk, database or network threw it, through Iceberg; else it is a defect. */
  public static boolean isSaidBy(RuntimeException failure) {
    return Backoff.mayPass(failure);
  }

  /** Whether a file is not there, or not what it was: either that table is sick or the store. */
  public boolean isOfAFile() {
    return getCause() instanceof NotFoundException
        || getCause() instanceof DamagedMetadataException;
  }
}
