package io.sluice.acceptor.receive;

import io.sluice.schema.security.Access;
import io.sluice.schema.security.DeniedException;
import java.util.List;
import java.util.regex.Pattern;
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

  /** Two that a proxy made one of: a token may hold a comma, and has no spaces. */
  private static final Pattern JOINED = Pattern.compile(",\\s*[A-Za-z]+\\s+\\S");

  private static final Pattern COMMA = Pattern.compile(",");

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
    if (isSeveral(authorization, JOINED)) {
      return several("Authorization");
    }
    if (isSeveral(asked, COMMA)) {
      return several("X-Scope-OrgID");
    }
    try {
      String tenant = access.writes(access.caller(only(authorization)), only(asked));
      tenants.requireRoom(tenant);
      return new Result(tenant, limits.of(tenant));
    } catch (DeniedException e) {
      return new Result(null, new Outcome.Denied(e.why(), e.sentence()));
    }
  }

  /** Never one of them: whoever is on the way may have taken the other for the one that counts. */
  private static Result several(String header) {
    return new Result(
        null,
        new Outcome.Malformed(
            "cannot tell whose the request is: it has several values of %s (send one)"
                .formatted(header)));
  }

  private static boolean isSeveral(List<String> values, Pattern joined) {
    return values.size() > 1 || values.stream().anyMatch(value -> joined.matcher(value).find());
  }

  private static @Nullable String only(List<String> values) {
    return values.isEmpty() ? null : values.get(0);
  }
}
