package io.sluice.schema.security;

import io.sluice.schema.security.DeniedException.Why;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, and what they may do.
 *
 * @param name for logs; never a secret
 * @param tenant whose data it may have; null: anybody's, so that a call names it
 * @param service whether it is one of our own services, which may do all
 */
public record Caller(String name, @Nullable String tenant, Set<Scope> scopes, boolean service) {

  /** Where no tokens are asked for: all may do all. */
  public static final Caller ANYBODY =
      new Caller("anybody", null, EnumSet.allOf(Scope.class), true);

  /** One of our own. */
  static final Caller SERVICE = new Caller("service", null, EnumSet.allOf(Scope.class), true);

  public Caller {
    scopes = Set.copyOf(scopes);
  }

  public boolean may(Scope scope) {
    return scopes.contains(scope);
  }

  /** Whether it may have the data of that tenant at all. */
  public boolean has(String id) {
    return tenant == null || tenant.equals(id);
  }

  /** It must have this scope. */
  public void require(Scope scope) throws DeniedException {
    if (!may(scope)) {
      throw new DeniedException(
          Why.NOT_ALLOWED, "cannot do that: the token has not the scope " + scope.label());
    }
  }

  /** It must have this scope, for this tenant. */
  public void require(Scope scope, String id) throws DeniedException {
    require(scope);
    if (!has(id)) {
      throw new DeniedException(
          Why.NOT_ALLOWED, "cannot do that: the token is not of the tenant that is named");
    }
  }

  /** It must have this scope, for all tenants. */
  public void requireOfAll(Scope scope) throws DeniedException {
    require(scope);
    if (tenant != null) {
      throw new DeniedException(
          Why.NOT_ALLOWED, "cannot do that: the token is of one tenant, this concerns all");
    }
  }

  /** It must be one of our own services. */
  public void requireService() throws DeniedException {
    if (!service) {
      throw new DeniedException(
          Why.NOT_ALLOWED, "cannot do that: it is between services (service.token-file)");
    }
  }
}
