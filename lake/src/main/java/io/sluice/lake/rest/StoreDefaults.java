package io.sluice.lake.rest;

import io.sluice.lake.LakeConfig;
import io.sluice.lake.s3.S3Config;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the store is reached, by Iceberg's property names, for a reader that was not told: never a
 * key, which readers bring themselves. As defaults of the catalog and not as a table's own
 * configuration, since that would win over what a reader was told, and a store may have another
 * address where the reader is.
 */
final class StoreDefaults {

  /** A compatible store has none, but readers cannot do without. */
  private static final String ANY_REGION = "us-east-1";

  static Map<String, String> of(LakeConfig config) {
    Map<String, String> defaults = new LinkedHashMap<>();
    if (config.isInS3()) {
      S3Config s3 = config.s3();
      String region = s3.region();
      if (s3.endpoint() != null) {
        defaults.put("s3.endpoint", s3.endpoint().toString());
        region = region == null ? ANY_REGION : region;
      }
      if (region != null) {
        defaults.put("s3.region", region); // PyIceberg's
        defaults.put("client.region", region); // Iceberg's in Java
      }
      defaults.put("s3.path-style-access", String.valueOf(s3.pathStyle()));
    }
    return defaults;
  }

  private StoreDefaults() {}
}
