package io.sluice.lake;

import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.jdbc.JdbcClientPool;

/** Opens the Iceberg catalog that a configuration names. */
final class Catalogs {

  /** Opens connections to a database: its URI, and properties such as {@code jdbc.user}. */
  interface Connector {
    JdbcClientPool connect(String uri, Map<String, String> properties);
  }

  /** Part of the rows of a JDBC catalog: another name would be another, empty catalog. */
  static final String NAME = "sluice";

  static JdbcCatalog open(LakeConfig config, FileIO io, Connector connector) {
    Map<String, String> properties = new HashMap<>(config.catalogProperties());
    properties.put(CatalogProperties.URI, config.connectUri());
    properties.put(CatalogProperties.WAREHOUSE_LOCATION, config.warehouse());
    properties.put("jdbc.schema-version", "V1");
    properties.put(CatalogProperties.METRICS_REPORTER_IMPL, QuietReporter.class.getName());
    FileIO files = UnretriedFiles.of(io);
    JdbcClientPool connections = connector.connect(config.connectUri(), properties);
    try {
      JdbcCatalog catalog = new JdbcCatalog(ignored -> files, ignored -> connections, true);
      catalog.initialize(NAME, properties);
      return catalog;
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  private Catalogs() {}
}
