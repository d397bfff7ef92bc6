package io.sluice.schema.service;

import java.util.regex.Pattern;

/** Hides what must not be in a log: whole values of secret keys, passwords inside URIs. */
public final class Secrets {

  private static final Pattern SECRET_NAME =
      Pattern.compile("password|secret|token|credential", Pattern.CASE_INSENSITIVE);
  private static final Pattern USER_INFO = Pattern.compile("(//[^/@:\\s]*):[^/@\\s]*@");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "((?:password|secret|token|credential)[^=&;\\s]*=)[^&;\\s]*", Pattern.CASE_INSENSITIVE);

  /** The value of a setting as it may be shown. */
  public static String mask(String key, String value) {
    if (SECRET_NAME.matcher(key).find() && !key.endsWith("-file")) { // where one is is none
      return value.isEmpty() ? "" : "***";
    }
    String shown = USER_INFO.matcher(value).replaceAll("$1:***@");
    return PARAMETER.matcher(shown).replaceAll("$1***");
  }

  private Secrets() {}
}
