package io.sluice.schema.security;

import io.sluice.schema.security.DeniedException.Why;
import io.sluice.schema.service.CannotStartException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who calls, by what a call shows: {@code Authorization: Bearer TOKEN}, or {@code Basic} with any
 * user and the token as password, for browsers. Any thread; refreshed by one.
 */
public final class Access implements Refreshed {

  /** How those are told that show nothing. */
  public static final String CHALLENGE = "Bearer realm=\"sluice\", Basic realm=\"sluice\"";

  private static final Logger LOG = LoggerFactory.getLogger(Access.class);
  private static final String BEARER = "bearer ";
  private static final String BASIC = "basic ";

  private final @Nullable Path file;
  private final @Nullable TokenHash service;
  private final boolean header;
  private FileLook taken = FileLook.NONE;
  private FileLook seen = FileLook.NONE;
  private volatile Map<TokenHash, Caller> callers = Map.of();
  private volatile Map<String, TenantLimits> limits = Map.of();
  private volatile Set<String> named = Set.of();

  private Access(@Nullable Path file, @Nullable TokenHash service, boolean header) {
    this.file = file;
    this.service = service;
    this.header = header;
  }

  /**
   * Everybody may do everything.
   *
   * @param header whether X-Scope-OrgID names the tenant; else all is the default one's
   */
  public static Access open(boolean header) {
    return new Access(null, null, header);
  }

  /**
   * As a file says, at one look.
   *
   * @param service the token of our own services
   * @throws CannotStartException it cannot be used
   */
  public static Access of(Path file, String service) throws CannotStartException {
    Access access = new Access(file, TokenHash.of(service), true);
    access.take(AccessFile.look(file), file);
    return access;
  }

  @Override
  public boolean refresh() throws CannotStartException {
    if (file == null) {
      return false;
    }
    FileLook found = AccessFile.look(file);
    boolean settled = found.equals(seen);
    seen = found;
    if (!settled || found.text().equals(taken.text())) {
      return false;
    }
    take(found, file);
    return true;
  }

  private void take(FileLook found, Path file) throws CannotStartException {
    AccessFile.Content content = AccessFile.parse(file, found.text());
    callers = content.callers();
    limits = content.limits();
    named = content.tenants();
    taken = found;
    LOG.info("{} tokens in {}", callers.size(), file);
    if (content.secret()) {
      PrivateFile.warnIfReadByOthers(AccessFile.SETTING, file);
    }
  }

  /**
   * How much a tenant may send.
   *
   * @param usual where the file says nothing of it
   */
  public TenantLimits limits(String tenant, TenantLimits usual) {
    return limits.getOrDefault(tenant, usual);
  }

  /** Whether the file says anything of that tenant: a token of it, or limits. */
  public boolean names(String tenant) {
    return named.contains(tenant);
  }

  /** Whether calls have to show a token. */
  public boolean asksForTokens() {
    return file != null;
  }

  /**
   * @param authorization the header's value; null if there is none
   * @throws DeniedException it is nobody that is known
   */
  public Caller caller(@Nullable String authorization) throws DeniedException {
    if (file == null) {
      return Caller.ANYBODY;
    }
    String token = token(authorization);
    if (token == null) {
      throw new DeniedException(
          Why.UNKNOWN_CALLER, "cannot tell who calls (send Authorization: Bearer TOKEN)");
    }
    TokenHash hash = TokenHash.of(token);
    if (service != null && service.equals(hash)) {
      return Caller.SERVICE;
    }
    Caller caller = callers.get(hash);
    if (caller == null) {
      throw new DeniedException(
          Why.UNKNOWN_CALLER, "cannot tell who calls: the token is not known");
    }
    return caller;
  }

  /**
   * Whose records a call brings.
   *
   * @param asked X-Scope-OrgID; null if there is none
   * @throws DeniedException the caller may not write them
   */
  public String writes(Caller caller, @Nullable String asked) throws DeniedException {
    if (!header) {
      return TenantId.DEFAULT;
    }
    String own = caller.tenant();
    String tenant = asked == null ? (own == null ? TenantId.DEFAULT : own) : asked;
    if (!TenantId.is(tenant)) {
      throw new DeniedException(
          Why.NOT_ALLOWED,
          "cannot take X-Scope-OrgID: it is no tenant's id (of the form %s)"
              .formatted(TenantId.FORM));
    }
    caller.require(Scope.WRITE, tenant);
    return tenant;
  }

  /**
   * What the header shows, Bearer or Basic; null if that is no token. Whether it is known is
   * another matter.
   */
  public static @Nullable String token(@Nullable String authorization) {
    if (authorization == null) {
      return null;
    }
    if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length()).strip();
    }
    if (authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      try {
        String both =
            new String(
                Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip()),
                StandardCharsets.UTF_8);
        int colon = both.indexOf(':');
        return colon < 0 ? null : both.substring(colon + 1);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
    return null;
  }
}
