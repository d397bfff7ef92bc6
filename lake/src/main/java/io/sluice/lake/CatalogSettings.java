package io.sluice.lake;

import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.rest.auth.AuthProperties;
import org.apache.iceberg.rest.auth.OAuth2Properties;

/** Reads from the settings how the catalog is reached, as properties of an Iceberg catalog. */
final class CatalogSettings {

  static Map<String, String> from(Settings settings, String uri) {
    Map<String, String> properties =
        new TreeMap<>(
            settings.get(
                "catalog.properties",
                "",
                Parsers::pairs,
                "more, as Iceberg's catalogs take them: oauth2-server-uri=https://..., scope=..."));
    boolean rest = uri.startsWith("http");
    Map<String, String> forDatabase = new TreeMap<>();
    put(
        forDatabase,
        "jdbc.user",
        settings.get("catalog.user", "", Parsers::text, "of a PostgreSQL catalog"));
    put(
        forDatabase,
        "jdbc.password",
        settings.get("catalog.password", "", Parsers::text, "goes with catalog.user"));
    Map<String, String> forRest = new TreeMap<>();
    put(
        forRest,
        CatalogProperties.WAREHOUSE_LOCATION,
        settings.get(
            "catalog.warehouse",
            "",
            Parsers::text,
            "what a REST catalog calls the warehouse; empty = it has only one"));
    put(
        forRest,
        OAuth2Properties.TOKEN,
        settings.get("catalog.token", "", Parsers::text, "bearer token of a REST catalog"));
    put(
        forRest,
        OAuth2Properties.CREDENTIAL,
        settings.get(
            "catalog.credential",
            "",
            Parsers::text,
            "ID:SECRET with which a REST catalog gives tokens"));
    settings.require(
        rest || forRest.isEmpty(),
        "cannot use catalog.warehouse, catalog.token, catalog.credential: catalog.uri is no REST catalog");
    settings.require(
        !rest || forDatabase.isEmpty(),
        "cannot use catalog.user, catalog.password: catalog.uri is a REST catalog (catalog.token or catalog.credential)");
    if (rest) {
      authentication(forRest, uri).forEach(properties::putIfAbsent);
    }
    properties.putAll(rest ? forRest : forDatabase);
    return properties;
  }

  /** Iceberg's own defaults, said, since it warns of those that are not; a token stays as it is. */
  private static Map<String, String> authentication(Map<String, String> given, String uri) {
    Map<String, String> defaults = new TreeMap<>();
    if (given.containsKey(OAuth2Properties.TOKEN)
        || given.containsKey(OAuth2Properties.CREDENTIAL)) {
      defaults.put(AuthProperties.AUTH_TYPE, AuthProperties.AUTH_TYPE_OAUTH2);
      defaults.put(
          OAuth2Properties.OAUTH2_SERVER_URI, uri.replaceFirst("/+$", "") + "/v1/oauth/tokens");
    }
    if (given.containsKey(OAuth2Properties.TOKEN)) {
      defaults.put(OAuth2Properties.TOKEN_REFRESH_ENABLED, "false");
      defaults.put(OAuth2Properties.TOKEN_EXCHANGE_ENABLED, "false");
    }
    return defaults;
  }

  private static void put(Map<String, String> properties, String name, String value) {
    if (!value.isBlank()) {
      properties.put(name, value.trim());
    }
  }

  private CatalogSettings() {}
}
