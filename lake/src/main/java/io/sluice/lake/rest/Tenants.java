package io.sluice.lake.rest;

import org.apache.iceberg.catalog.Namespace;

/** Which tenants a caller may read. What it may not see is, to it, not there. */
@FunctionalInterface
public interface Tenants {

  /** Of a caller that nothing restricts. */
  Tenants ALL = tenant -> true;

  /**
   * @param tenant a namespace's first level
   */
  boolean mayRead(String tenant);

  /** Namespaces within a tenant's are the tenant's. */
  default boolean see(Namespace namespace) {
    return namespace.isEmpty() || mayRead(namespace.level(0));
  }
}
