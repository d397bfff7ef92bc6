package io.sluice.lake.rest;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;
import org.apache.iceberg.rest.RESTUtil;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, each checked when it is asked for. */
final class RestQuery {

  /** Of the levels of a namespace, in paths and parameters. */
  static final String SEPARATOR = "\u001f";

  private final Map<String, String> parameters = new HashMap<>();

  RestQuery(@Nullable String query) {
    for (String parameter : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
      int equals = parameter.indexOf('=');
      if (equals > 0) {
        parameters.put(
            decoded(parameter.substring(0, equals)), decoded(parameter.substring(equals + 1)));
      }
    }
  }

  private static String decoded(String text) {
    try {
      return RESTUtil.decodeString(text);
    } catch (IllegalArgumentException e) {
      throw RefusedException.badRequest(
          "cannot read query: %s (%s)".formatted(text, e.getMessage()));
    }
  }

  static Namespace namespace(String levels) {
    try {
      return levels.isEmpty() ? Namespace.empty() : Namespace.of(levels.split(SEPARATOR, -1));
    } catch (IllegalArgumentException e) {
      throw RefusedException.badRequest("cannot read namespace: " + e.getMessage());
    }
  }

  Namespace parent() {
    return namespace(parameters.getOrDefault("parent", ""));
  }

  SnapshotMode snapshots() {
    String mode = parameters.getOrDefault("snapshots", "all");
    return switch (mode.toLowerCase(Locale.ROOT)) {
      case "all" -> SnapshotMode.ALL;
      case "refs" -> SnapshotMode.REFS;
      default ->
          throw RefusedException.badRequest("cannot read snapshots=" + mode + " (all or refs)");
    };
  }

  /** Null: all at once. */
  @Nullable String pageSize() {
    return parameters.containsKey("pageSize") ? number("pageSize", "1") : null;
  }

  /** Empty: the first one. */
  String pageToken() {
    String token = parameters.getOrDefault("pageToken", "");
    return token.isEmpty() ? "" : number("pageToken", "0");
  }

  private String number(String name, String least) {
    String text = parameters.getOrDefault(name, "");
    try {
      if (Integer.parseInt(text) >= Integer.parseInt(least)) {
        return text;
      }
    } catch (NumberFormatException e) {
      throw RefusedException.badRequest("cannot read %s=%s: not a number".formatted(name, text));
    }
    throw RefusedException.badRequest(
        "cannot read %s=%s: at least %s".formatted(name, text, least));
  }
}
