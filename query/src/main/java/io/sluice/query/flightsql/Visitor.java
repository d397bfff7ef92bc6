package io.sluice.query.flightsql;

import io.sluice.query.SqlScope;
import io.sluice.schema.security.Caller;

/**
 * Who calls, and which tables that call may name.
 *
 * @param caller as its token says
 * @param holder whose the part is that one may have of all statements: a token, or, where none are
 *     asked for and for services, a host; of a type that has a good {@code equals}
 * @param zones whether times that have a zone are to say so
 */
record Visitor(Caller caller, SqlScope scope, Object holder, boolean zones) {

  /** Whether what one has begun is the other's, too: neither tenant nor token may differ. */
  boolean is(Visitor other) {
    return caller.equals(other.caller) && scope.equals(other.scope);
  }
}
