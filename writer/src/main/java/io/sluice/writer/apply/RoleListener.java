package io.sluice.writer.apply;

/**
 * Is told, quickly, on the log's apply thread, when a replica begins to lead its log or ends to.
 */
public interface RoleListener {

  /**
   * Everything that was durable is applied, and still nothing is persisted: {@link Replica#lead}
   * when the tables' marks are known.
   */
  void leads(long term);

  /** Another process may lead: nothing is persisted any more. */
  void follows();
}
