package io.sluice.schema.security;

import java.util.regex.Pattern;

/** How tenants are called: their names are those of namespaces, directories and labels, too. */
public final class TenantId {

  /** Whose all is that names no tenant. */
  public static final String DEFAULT = "default";

  /** What may be one. */
  public static final String FORM = "[a-z0-9_]{1,63}";

  private static final Pattern PATTERN = Pattern.compile(FORM);

  public static boolean is(String text) {
    return PATTERN.matcher(text).matches();
  }

  private TenantId() {}
}
