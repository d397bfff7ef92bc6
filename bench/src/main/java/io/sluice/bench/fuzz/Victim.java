package io.sluice.bench.fuzz;

/** An Acceptor, and what stands behind it, under fuzz. One thread uses it. */
interface Victim extends AutoCloseable {

  int httpPort();

  int grpcPort();

  int adminPort();

  /**
   * What was acked is there, once.
   *
   * @param request that was acked
   * @throws Finding it is not
   */
  void requireStoredOnce(NeighbourRequest request) throws Exception;

  /**
   * All processes run, within their memory.
   *
   * @throws Finding they do not
   */
  void requireSound() throws Exception;

  /** A few words on the memory it takes. */
  String memory();

  @Override
  void close() throws Exception;
}
