package io.sluice.lake;

/**
 * An attempt reported as failed is in the table after all. Not a CleanableFailure: Iceberg would
 * delete the manifest list of that very snapshot.
 */
final class FoundOwnCommitException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FoundOwnCommitException(String message) {
    super(message);
  }
}
