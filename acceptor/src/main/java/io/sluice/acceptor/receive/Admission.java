package io.sluice.acceptor.receive;

import io.sluice.schema.security.Access;
import io.sluice.schema.security.DeniedException;
import io.sluice.schema.security.TenantId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose records a request brings, by its head: a tenant's id, or why they are not taken. So many
 * tenants are known at most, as each has tables, streams and counters. Any thread.
 */
public final class Admission {

  /** All may send, and all is the default tenant's. */
  static final Admission OPEN = new Admission(Access.open(false), 1, tenant -> null);

  /** The header by which a request names its tenant, in lower case. */
  static final String TENANT_HEADER = "x-scope-orgid";

  static final String AUTHORIZATION = "authorization";

  private final Access access;
  private final int most;
  private final Refusals limits;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /**
   * @param most tenants
   * @param limits how much each may still send
   */
  public Admission(Access access, int most, Allowances limits) {
    this(access, most, limits::refuses);
  }

  private Admission(Access access, int most, Refusals limits) {
    this.access = access;
    this.most = most;
    this.limits = limits;
    known.add(TenantId.DEFAULT);
  }

  /** One of the two is there. */
  record Result(@Nullable String tenant, @Nullable Outcome refused) {}

  private interface Refusals {
    @Nullable Outcome of(String tenant);
  }

  /**
   * @param authorization the header's value; null if there is none
   * @param asked X-Scope-OrgID; null if there is none
   */
  Result admit(@Nullable String authorization, @Nullable String asked) {
    try {
      String tenant = access.writes(access.caller(authorization), asked);
      if (!known.contains(tenant) && !add(tenant)) {
        return new Result(
            null,
            new Outcome.Denied(
                DeniedException.Why.NOT_ALLOWED,
                "cannot take the request: there are as many tenants as may be (raise tenants.max)"));
      }
      return new Result(tenant, limits.of(tenant));
    } catch (DeniedException e) {
      return new Result(null, new Outcome.Denied(e.why(), e.sentence()));
    }
  }

  private synchronized boolean add(String tenant) {
    return known.contains(tenant) || (known.size() < most && known.add(tenant));
  }
}
