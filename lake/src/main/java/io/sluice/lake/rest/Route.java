package io.sluice.lake.rest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.RESTUtil;
import org.jspecify.annotations.Nullable;

/** What of the specification is served, or refused in words. There is no prefix in the paths. */
enum Route {
  CONFIG(Endpoint.create("GET", "/v1/config")),
  LIST_NAMESPACES(Endpoint.V1_LIST_NAMESPACES),
  LOAD_NAMESPACE(Endpoint.V1_LOAD_NAMESPACE),
  NAMESPACE_EXISTS(Endpoint.V1_NAMESPACE_EXISTS),
  LIST_TABLES(Endpoint.V1_LIST_TABLES),
  LOAD_TABLE(Endpoint.V1_LOAD_TABLE),
  TABLE_EXISTS(Endpoint.V1_TABLE_EXISTS),
  REPORT_METRICS(Endpoint.V1_REPORT_METRICS),
  LIST_VIEWS(Endpoint.V1_LIST_VIEWS),
  LOAD_VIEW(Endpoint.V1_LOAD_VIEW),
  VIEW_EXISTS(Endpoint.V1_VIEW_EXISTS),
  WRITE(
      Endpoint.V1_CREATE_NAMESPACE,
      Endpoint.V1_UPDATE_NAMESPACE,
      Endpoint.V1_DELETE_NAMESPACE,
      Endpoint.V1_CREATE_TABLE,
      Endpoint.V1_REGISTER_TABLE,
      Endpoint.V1_UPDATE_TABLE,
      Endpoint.V1_DELETE_TABLE,
      Endpoint.V1_RENAME_TABLE,
      Endpoint.V1_COMMIT_TRANSACTION,
      Endpoint.V1_CREATE_VIEW,
      Endpoint.V1_REGISTER_VIEW,
      Endpoint.V1_UPDATE_VIEW,
      Endpoint.V1_DELETE_VIEW,
      Endpoint.V1_RENAME_VIEW),
  UNKNOWN();

  /** Where a request goes, with the variable parts of its path, decoded, in their order. */
  record Match(Route route, List<String> variables) {}

  @SuppressWarnings("ImmutableEnumChecker") // by List.of
  private final List<Endpoint> endpoints;

  Route(Endpoint... endpoints) {
    this.endpoints = List.of(endpoints);
  }

  /** What a client may ask for. */
  static List<Endpoint> served() {
    return Arrays.stream(values())
        .filter(route -> route != WRITE)
        .flatMap(route -> route.endpoints.stream())
        .toList();
  }

  /**
   * @throws IllegalArgumentException the path is not percent-encoded rightly
   */
  static Match of(String method, String path) {
    String[] parts = path.split("/", -1);
    for (Route route : values()) {
      for (Endpoint endpoint : route.endpoints) {
        List<String> variables = variables(endpoint, method, parts);
        if (variables != null) {
          return new Match(route, variables);
        }
      }
    }
    return new Match(UNKNOWN, List.of());
  }

  private static @Nullable List<String> variables(
      Endpoint endpoint, String method, String[] parts) {
    String[] pattern = endpoint.path().replace("/{prefix}", "").split("/", -1);
    if (!endpoint.httpMethod().equals(method) || pattern.length != parts.length) {
      return null;
    }
    List<String> variables = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      if (pattern[i].startsWith("{")) {
        variables.add(RESTUtil.decodePathSegment(parts[i]));
      } else if (!pattern[i].equals(parts[i])) {
        return null;
      }
    }
    return variables;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
