package io.sluice.lake;

import java.io.Closeable;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.SessionCatalog.SessionContext;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.jdbc.JdbcClientPool;
import org.apache.iceberg.rest.HTTPClient;
import org.apache.iceberg.rest.RESTCatalogProperties;
import org.apache.iceberg.rest.RESTSessionCatalog;
import org.apache.iceberg.rest.RESTUtil;

/** Opens the Iceberg catalog that a configuration names. */
final class Catalogs {

  /** Opens connections to a database: its URI, and properties such as {@code jdbc.user}. */
  interface Connector {
    JdbcClientPool connect(String uri, Map<String, String> properties);
  }

  /**
   * An open catalog, of whatever kind.
   *
   * @param closing ends its connections
   */
  record Open(Catalog tables, SupportsNamespaces namespaces, Closeable closing) {}

  /** Part of the rows of a JDBC catalog: another name would be another, empty catalog. */
  static final String NAME = "sluice";

  /** As SQLite and PostgreSQL say it; the last one of PostgreSQL's own table of tables. */
  private static final Pattern MADE_MEANWHILE =
      Pattern.compile("already exists|duplicate column|duplicate key");

  // Every call is bounded, and tried once more at most: how to go on is for its caller to decide.
  private static final Map<String, String> REST_LIMITS =
      Map.of(
          "rest.client.connection-timeout-ms",
          "5000",
          "rest.client.socket-timeout-ms",
          "15000",
          "rest.client.max-retries",
          "1",
          RESTCatalogProperties.METRICS_REPORTING_ENABLED,
          "false");

  static Open open(LakeConfig config, FileIO io, Connector connector) {
    return config.isRest() ? rest(config, io) : jdbc(config, io, connector);
  }

  private static Open jdbc(LakeConfig config, FileIO io, Connector connector) {
    Map<String, String> properties = properties(config);
    properties.put(CatalogProperties.WAREHOUSE_LOCATION, config.warehouse());
    properties.put("jdbc.schema-version", "V1");
    FileIO files = UnretriedFiles.of(io);
    JdbcClientPool connections = connector.connect(config.connectUri(), properties);
    try {
      JdbcCatalog catalog = new JdbcCatalog(ignored -> files, ignored -> connections, true);
      catalog.initialize(NAME, properties);
      return new Open(catalog, catalog, catalog);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  /**
   * Whether a catalog's database was being made by another process, too: Iceberg looks what there
   * is and then makes what is missing, which somebody else may have done between.
   */
  static boolean isMadeMeanwhile(RuntimeException failure) {
    return failure.getCause() instanceof SQLException cause
        && MADE_MEANWHILE.matcher(String.valueOf(cause.getMessage())).find();
  }

  /** Files are reached as the configuration says, not by what the server hands out. */
  private static Open rest(LakeConfig config, FileIO io) {
    Map<String, String> properties = new HashMap<>(REST_LIMITS);
    properties.putAll(properties(config));
    FileIO files = UnretriedFiles.of(io);
    RESTSessionCatalog catalog =
        new RESTSessionCatalog(
            client ->
                HTTPClient.builder(client)
                    .uri(client.get(CatalogProperties.URI))
                    .withHeaders(RESTUtil.configHeaders(client))
                    .build(),
            (context, ignored) -> files);
    catalog.initialize(NAME, properties);
    Catalog tables = catalog.asCatalog(SessionContext.createEmpty());
    return new Open(tables, (SupportsNamespaces) tables, catalog);
  }

  private static Map<String, String> properties(LakeConfig config) {
    Map<String, String> properties = new HashMap<>(config.catalogProperties());
    properties.put(CatalogProperties.URI, config.connectUri());
    properties.put(CatalogProperties.METRICS_REPORTER_IMPL, QuietReporter.class.getName());
    return properties;
  }

  private Catalogs() {}
}
