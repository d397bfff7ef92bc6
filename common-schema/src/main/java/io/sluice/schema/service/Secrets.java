package io.sluice.schema.service;

import java.util.regex.Pattern;

/** Hides what must not be in a log: whole values of secret keys, passwords inside URIs. */
public final class Secrets {

  private static final Pattern SECRET_NAME =
      Pattern.compile("password|secret|token|credential", Pattern.CASE_INSENSITIVE);

  /**
   * A password may hold any character that is no space, as people write them; what looks like a
   * port is one, unless an @ comes behind it before the query does.
   */
  private static final Pattern USER_INFO =
      Pattern.compile("(//[^/@:\\s]*):(?:(?!\\d{1,5}(?:[/,?;\\s]|$))\\S*|[^\\s?#]*)@");

  /** Up to the next parameter, by whatever these are separated; or in braces, as JDBC quotes. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "((?:password|passwd|pwd|passphrase|secret|token|credential|api-?key)[^=&;\\s]*=)(?:\\{(?:[^}]|\\}\\})*\\}|.*?(?=[&\\s]|;[\\w.-]+=|$))",
          Pattern.CASE_INSENSITIVE);

  /** Whose values are whatever a catalog takes: of headers, say, whose names nobody knows. */
  private static final String PROPERTIES = "catalog.properties";

  private static final Pattern PROPERTY = Pattern.compile("=.*?(?=,[^=,]+=|$)");

  /** The value of a setting as it may be shown. */
  public static String mask(String key, String value) {
    if (SECRET_NAME.matcher(key).find() && !key.endsWith("-file")) { // where one is is none
      return value.isEmpty() ? "" : "***";
    }
    String dotted = key.replace('-', '.');
    if (dotted.equals(PROPERTIES) || dotted.equals(TelemetrySettings.HEADERS)) {
      return PROPERTY.matcher(value).replaceAll("=***");
    }
    String shown = USER_INFO.matcher(value).replaceAll("$1:***@");
    return PARAMETER.matcher(shown).replaceAll("$1***");
  }

  private Secrets() {}
}
