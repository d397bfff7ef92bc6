package io.sluice.schema.security;

import java.util.Locale;

/** What a token lets its bearer do with a tenant's data; none contains another. */
public enum Scope {
  /** Send records: OTLP. */
  WRITE,
  /** Read tables and what is not yet in them: Flight, the REST catalog. */
  READ,
  /** See how services fare, and make them flush, move logs and the like. */
  ADMIN;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
