package io.sluice.schema.security;

import io.sluice.schema.admin.AdminServer;
import org.jspecify.annotations.Nullable;

/** The pages of those who run the service, which tell of all tenants. */
public final class AdminGuard implements AdminServer.Guard {

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private final Access access;

  private AdminGuard(Access access) {
    this.access = access;
  }

  public static AdminGuard of(Access access) {
    return new AdminGuard(access);
  }

  @Override
  public AdminServer.@Nullable Refusal refuses(@Nullable String authorization) {
    try {
      access.caller(authorization).requireOfAll(Scope.ADMIN);
      return null;
    } catch (DeniedException e) {
      return switch (e.why()) {
        case UNKNOWN_CALLER ->
            new AdminServer.Refusal(UNAUTHORIZED, e.sentence(), Access.CHALLENGE);
        case NOT_ALLOWED -> new AdminServer.Refusal(FORBIDDEN, e.sentence(), null);
      };
    }
  }

  @Override
  public boolean asksForTokens() {
    return access.asksForTokens();
  }
}
