package io.sluice.schema.service;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A header that says whose a call is, at every port. Of several values none counts: whoever is on
 * the way may have taken another for the one that does.
 */
public enum CallerHeader {

  /** Two that a proxy made one of: a token may hold a comma, and has no spaces. */
  AUTHORIZATION("Authorization", ",\\s*[A-Za-z]+\\s+\\S"),

  /** By which a request names its tenant. */
  TENANT("X-Scope-OrgID", ",");

  private final String label;
  private final Pattern joined;

  CallerHeader(String label, String joined) {
    this.label = label;
    this.joined = Pattern.compile(joined);
  }

  /**
   * @param values of the header, however often it is there; none if it is not
   * @return null: it is there once at most; else why the call is not taken
   */
  public @Nullable String refusal(List<String> values) {
    return values.size() > 1 || values.stream().anyMatch(value -> joined.matcher(value).find())
        ? "cannot tell whose the request is: it has several values of %s (send one)"
            .formatted(label)
        : null;
  }

  /** The value of one that is not refused; null if it is not there. */
  public static @Nullable String only(List<String> values) {
    return values.isEmpty() ? null : values.get(0);
  }
}
