package io.sluice.schema.service;

import java.security.Security;

/**
 * How long this process goes by an address that a name had. What is started elsewhere (a Writer's
 * pod, a database that failed over) keeps its name and has a new address; the JVM and gRPC would
 * each try the old one for 30 seconds.
 */
final class NameCache {

  /** Of the JVM as a security property, of gRPC as a system property. */
  static final String TTL = "networkaddress.cache.ttl";

  static final String NEGATIVE_TTL = "networkaddress.cache.negative.ttl";
  static final String SECONDS = "1";

  /** Both read it when the process resolves its first name: not after that. */
  static void keepShortly() {
    Security.setProperty(TTL, SECONDS);
    Security.setProperty(NEGATIVE_TTL, SECONDS);
    System.setProperty(TTL, SECONDS);
  }

  private NameCache() {}
}
