package io.sluice.lake.rest;

import io.sluice.lake.Lake;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;
import org.apache.iceberg.rest.RESTResponse;
import org.apache.iceberg.rest.responses.ConfigResponse;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.apache.iceberg.rest.responses.ListTablesResponse;
import org.apache.iceberg.rest.responses.LoadTableResponse;
import org.jspecify.annotations.Nullable;

/**
 * The catalog in use, for any engine that speaks Iceberg REST: namespaces and tables to read,
 * nothing to write. A call takes as long as catalog and store do. Any thread may use it.
 */
public final class RestCatalog {

  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final Supplier<@Nullable Lake> lakes;
  private final Supplier<@Nullable String> why;

  /**
   * @param lakes what is served; null as long as its catalog is not open
   * @param why says in a sentence why it is not
   */
  public RestCatalog(Supplier<@Nullable Lake> lakes, Supplier<@Nullable String> why) {
    this.lakes = lakes;
    this.why = why;
  }

  /** Never throws what a catalog or store may: that is an answer, too. */
  public RestAnswer answer(RestRequest request) {
    Route route = Route.UNKNOWN;
    try {
      Route.Match match = match(request);
      route = match.route();
      return answer(match, request);
    } catch (RuntimeException e) {
      return error(route, RestErrors.of(e));
    }
  }

  /** For a request that is not given to the catalog at all. */
  public static RestAnswer unavailable(RestRequest request, String reason) {
    Route route = Route.UNKNOWN;
    try {
      route = match(request).route();
    } catch (RefusedException e) {
      return error(route, RestErrors.of(e));
    }
    return error(route, RestErrors.unavailable(reason));
  }

  /**
   * For a request of somebody who may not ask.
   *
   * @param unknown whether it is not known who it is
   */
  public static RestAnswer denied(boolean unknown, String reason) {
    return error(Route.UNKNOWN, RestErrors.denied(unknown, reason));
  }

  private static Route.Match match(RestRequest request) {
    try {
      return Route.of(request.method(), request.path());
    } catch (IllegalArgumentException e) {
      throw RefusedException.badRequest(
          "cannot read path: %s (%s)".formatted(request.path(), e.getMessage()));
    }
  }

  private RestAnswer answer(Route.Match match, RestRequest request) {
    Route route = match.route();
    List<String> in = match.variables();
    RestQuery query = new RestQuery(request.query());
    return switch (route) {
      case UNKNOWN -> throw RefusedException.noRoute(request);
      case WRITE -> throw RefusedException.readOnly();
      case REPORT_METRICS -> RestAnswer.of(route, NO_CONTENT);
      case CONFIG -> ok(route, config());
      case LIST_NAMESPACES -> ok(route, namespaces(visible(request), query));
      case LOAD_NAMESPACE ->
          ok(route, CatalogHandlers.loadNamespace(visible(request), namespace(in)));
      case NAMESPACE_EXISTS -> {
        CatalogHandlers.namespaceExists(visible(request), namespace(in));
        yield RestAnswer.of(route, NO_CONTENT);
      }
      case LIST_TABLES -> ok(route, tables(visible(request), namespace(in), query));
      case LOAD_TABLE -> load(visible(request), table(in), query.snapshots(), request);
      case TABLE_EXISTS -> {
        CatalogHandlers.tableExists(visible(request), table(in));
        yield RestAnswer.of(route, NO_CONTENT);
      }
      case LIST_VIEWS -> {
        CatalogHandlers.namespaceExists(visible(request), namespace(in));
        yield ok(route, ListTablesResponse.builder().build());
      }
      case LOAD_VIEW, VIEW_EXISTS ->
          throw new NoSuchViewException("View does not exist: %s", table(in));
    };
  }

  private ConfigResponse config() {
    return ConfigResponse.builder()
        .withDefaults(StoreDefaults.of(lake().config()))
        .withEndpoints(Route.served())
        .build();
  }

  private static RESTResponse namespaces(TenantCatalog catalog, RestQuery query) {
    String size = query.pageSize();
    return size == null
        ? CatalogHandlers.listNamespaces(catalog, query.parent())
        : CatalogHandlers.listNamespaces(catalog, query.parent(), query.pageToken(), size);
  }

  private static RESTResponse tables(TenantCatalog catalog, Namespace namespace, RestQuery query) {
    String size = query.pageSize();
    return size == null
        ? CatalogHandlers.listTables(catalog, namespace)
        : CatalogHandlers.listTables(catalog, namespace, query.pageToken(), size);
  }

  private static RestAnswer load(
      TenantCatalog catalog, TableIdentifier id, SnapshotMode mode, RestRequest request) {
    LoadTableResponse table = CatalogHandlers.loadTable(catalog, id, mode);
    String tag = tag(table.metadataLocation() + mode);
    return (tag.equals(request.ifNoneMatch())
            ? RestAnswer.of(Route.LOAD_TABLE, NOT_MODIFIED)
            : ok(Route.LOAD_TABLE, table))
        .with("ETag", tag);
  }

  /** A metadata file never changes, so that its name says what is in it. */
  private static String tag(String version) {
    return "\"" + UUID.nameUUIDFromBytes(version.getBytes(StandardCharsets.UTF_8)) + "\"";
  }

  private static Namespace namespace(List<String> variables) {
    return RestQuery.namespace(variables.get(0));
  }

  private static TableIdentifier table(List<String> variables) {
    try {
      return TableIdentifier.of(namespace(variables), variables.get(1));
    } catch (IllegalArgumentException e) {
      throw RefusedException.badRequest("cannot read table: " + e.getMessage());
    }
  }

  private TenantCatalog visible(RestRequest request) {
    return new TenantCatalog(lake().catalog(), request.tenants());
  }

  private Lake lake() {
    Lake lake = lakes.get();
    if (lake == null) {
      throw RefusedException.away(why.get());
    }
    return lake;
  }

  private static RestAnswer ok(Route route, RESTResponse response) {
    return RestAnswer.of(route, OK, RestJson.of(response));
  }

  private static RestAnswer error(Route route, ErrorResponse error) {
    RestAnswer answer = RestAnswer.of(route, error.code(), RestJson.of(error));
    return error.code() == RestErrors.UNAVAILABLE ? answer.with("Retry-After", "1") : answer;
  }
}
