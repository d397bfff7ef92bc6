package io.sluice.lake;

import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** Opens the Iceberg catalog that a configuration names. */
final class Catalogs {

  /** Part of the rows of a JDBC catalog: another name would be another, empty catalog. */
  static final String NAME = "sluice";

  static JdbcCatalog open(LakeConfig config, FileIO io) {
    Map<String, String> properties = new HashMap<>(config.catalogProperties());
    properties.put(CatalogProperties.URI, config.connectUri());
    properties.put(CatalogProperties.WAREHOUSE_LOCATION, config.warehouse());
    properties.put("jdbc.schema-version", "V1");
    properties.put(CatalogProperties.METRICS_REPORTER_IMPL, QuietReporter.class.getName());
    UnrepeatingConnections connections =
        new UnrepeatingConnections(config.connectUri(), properties);
    try {
      JdbcCatalog catalog = new JdbcCatalog(ignored -> io, ignored -> connections, true);
      catalog.initialize(NAME, properties);
      return catalog;
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  private Catalogs() {}
}
