package io.sluice.lake;

import io.sluice.lake.s3.S3Files;

/** Finds out at start what else the first commit would, an hour of rows later. */
public final class WarehouseProbe {

  /**
   * @throws LakeUnavailableException its warehouse is in an object store, and cannot be written to,
   *     read from and deleted from as things are
   */
  public static void requireWritable(Lake lake) throws LakeUnavailableException {
    if (!(lake.io() instanceof S3Files files)) {
      return; // a directory is made when the lake is opened
    }
    try {
      files.requireWritable(lake.config().warehouse());
    } catch (RuntimeException e) {
      if (!Backoff.mayPass(e)) {
        throw e;
      }
      throw new LakeUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  private WarehouseProbe() {}
}
