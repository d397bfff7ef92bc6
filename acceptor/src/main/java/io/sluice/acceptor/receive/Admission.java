package io.sluice.acceptor.receive;

import io.sluice.schema.security.Access;
import io.sluice.schema.security.DeniedException;
import io.sluice.schema.service.CallerHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose records a request brings, by its head: a tenant's id, or why they are not taken. Any
 * thread.
 */
public final class Admission {

  /** All may send, and all is the default tenant's. */
  static final Admission OPEN =
      new Admission(Access.open(false), new Tenants(1, id -> false), id -> null);

  /** The header by which a request names its tenant, in lower case. */
  static final String TENANT_HEADER = "x-scope-orgid";

  static final String AUTHORIZATION = "authorization";

  private final Access access;
  private final Tenants tenants;
  private final Refusals limits;

  /**
   * @param tenants how many there may be
   * @param limits how much each may still send
   */
  public Admission(Access access, Tenants tenants, Allowances limits) {
    this(access, tenants, limits::refuses);
  }

  private Admission(Access access, Tenants tenants, Refusals limits) {
    this.access = access;
    this.tenants = tenants;
    this.limits = limits;
  }

  /** One of the two is there. */
  record Result(@Nullable String tenant, @Nullable Outcome refused) {}

  private interface Refusals {
    @Nullable Outcome of(String tenant);
  }

  /**
   * @param authorization the values of the header, however often it is there; none if it is not
   * @param asked the same of X-Scope-OrgID
   */
  Result admit(List<String> authorization, List<String> asked) {
    String several = CallerHeader.AUTHORIZATION.refusal(authorization);
    if (several == null) {
      several = CallerHeader.TENANT.refusal(asked);
    }
    if (several != null) {
      return new Result(null, new Outcome.Malformed(several));
    }
    try {
      String tenant =
          access.writes(access.caller(CallerHeader.only(authorization)), CallerHeader.only(asked));
      tenants.requireRoom(tenant);
      return new Result(tenant, limits.of(tenant));
    } catch (DeniedException e) {
      return new Result(null, new Outcome.Denied(e.why(), e.sentence()));
    }
  }
}
