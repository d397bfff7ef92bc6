package io.sluice.lake;

import org.apache.iceberg.exceptions.CleanableFailure;

/**
 * The mark is not where a commit expects it, and no attempt of this commit is in the table: Iceberg
 * may delete the manifests it wrote for it.
 */
final class MarkMovedException extends RuntimeException implements CleanableFailure {

  private static final long serialVersionUID = 1L;

  MarkMovedException(String message) {
    super(message);
  }
}
