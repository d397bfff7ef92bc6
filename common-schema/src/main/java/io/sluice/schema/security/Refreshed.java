package io.sluice.schema.security;

import io.sluice.schema.service.CannotStartException;

/** What is in files that may change while a service runs. */
interface Refreshed {

  /**
   * Reads the files again, and takes what is in them if it is something else.
   *
   * @return whether it was
   * @throws CannotStartException they cannot be used: all stays as it was
   */
  boolean refresh() throws CannotStartException;
}
