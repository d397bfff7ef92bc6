package io.sluice.schema.security;

import io.sluice.schema.service.CannotStartException;

/**
 * What is in files that may change while a service runs. Files that were written while they were
 * read may make sense as far as they are, and would take from those who come behind; so what is new
 * is taken when two looks, one after the other, find the same.
 */
interface Refreshed {

  /**
   * Looks at the files again, and takes what is in them if it is something else and was so at the
   * look before.
   *
   * @return whether it was taken
   * @throws CannotStartException they cannot be read, or were the same twice and cannot be used:
   *     all stays as it was
   */
  boolean refresh() throws CannotStartException;
}
