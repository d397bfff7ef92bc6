package io.sluice.query.flightsql;

import io.sluice.query.SqlScope;
import io.sluice.schema.security.Caller;

/**
 * Who calls, and which tables that call may name.
 *
 * @param caller as its token says
 */
record Visitor(Caller caller, SqlScope scope) {

  /** Whether what one has begun is the other's, too: neither tenant nor token may differ. */
  boolean is(Visitor other) {
    return caller.equals(other.caller) && scope.equals(other.scope);
  }
}
