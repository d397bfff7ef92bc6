package io.sluice.acceptor.receive;

import io.sluice.schema.security.DeniedException;
import io.sluice.schema.security.TenantId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The tenants of which records were taken since the start: so many at most, as each has tables,
 * streams and counters. Naming one costs nothing and counts for nothing. The default one, and those
 * that the access file names, are never refused. Any thread.
 */
public final class Tenants {

  /** Stands for all that did not bring records yet, where each is counted; no tenant's id. */
  static final String NEWCOMERS = "(new)";

  private final int most;
  private final Predicate<String> named;
  private final Set<String> counted = ConcurrentHashMap.newKeySet();

  /**
   * @param named whether the access file names a tenant, now
   */
  public Tenants(int most, Predicate<String> named) {
    this.most = most;
    this.named = named;
    counted.add(TenantId.DEFAULT);
  }

  /** Whether it is one of those that are counted, or not refused anyway. */
  boolean knows(String id) {
    return counted.contains(id) || named.test(id);
  }

  /**
   * Before anything of its request is read.
   *
   * @throws DeniedException there are as many as may be, and it is none of them
   */
  void requireRoom(String id) throws DeniedException {
    if (!knows(id) && counted.size() >= most) {
      throw full();
    }
  }

  /**
   * Records of it are about to be taken: it counts from now on.
   *
   * @throws DeniedException there are as many as may be, and it is none of them
   */
  void count(String id) throws DeniedException {
    if (!counted.contains(id)) {
      add(id);
    }
  }

  private synchronized void add(String id) throws DeniedException {
    if (counted.size() >= most && !knows(id)) {
      throw full();
    }
    counted.add(id);
  }

  private static DeniedException full() {
    return new DeniedException(
        DeniedException.Why.NOT_ALLOWED,
        "cannot take the request: there are as many tenants as may be (raise tenants.max)");
  }
}
