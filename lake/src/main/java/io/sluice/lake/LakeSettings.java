package io.sluice.lake;

import io.sluice.lake.s3.S3Config;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Reads from the settings where the tables are, and how they are reached. */
public final class LakeSettings {

  /** Problems stay in the settings. */
  public static LakeConfig from(Settings settings, CommonSettings common) {
    try {
      return LakeConfig.of(
              common.catalogUri(),
              common.warehouse(),
              CatalogSettings.from(settings, common.catalogUri()),
              s3(settings))
          .with(PromoteSettings.from(settings));
    } catch (IllegalArgumentException e) {
      settings.require(false, String.valueOf(e.getMessage()));
      return LakeConfig.of("jdbc:sqlite:catalog.db", "file:///");
    }
  }

  private static S3Config s3(Settings settings) {
    String endpoint =
        settings.get(
            "s3.endpoint",
            "",
            LakeSettings::endpoint,
            "of a store that speaks S3: http(s)://HOST:PORT; empty = AWS");
    return new S3Config(
        endpoint.isEmpty() ? null : URI.create(endpoint),
        orNull(
            settings.get(
                "s3.region",
                "",
                Parsers::text,
                "empty = as the AWS SDK finds it, or us-east-1 with s3.endpoint")),
        settings.get(
            "s3.path-style",
            endpoint.isEmpty() ? "false" : "true",
            "true with s3.endpoint",
            Parsers::bool,
            "bucket in the path of a URL, not in its host"),
        orNull(
            settings.get(
                "s3.access-key",
                "",
                Parsers::text,
                "empty = as the AWS SDK finds it: environment, profile, web identity, container, instance")),
        orNull(settings.get("s3.secret-key", "", Parsers::text, "goes with s3.access-key")),
        orNull(
            settings.get(
                "s3.kms-key",
                "",
                Parsers::text,
                "key that objects are encrypted with (SSE-KMS); empty = as the bucket is set up")),
        settings.get("s3.tags", "", Parsers::pairs, "of each object: name=value, ..."));
  }

  private static @Nullable String orNull(String text) {
    return text.isBlank() ? null : text.trim();
  }

  private static String endpoint(String text) {
    String endpoint = text.trim();
    if (!endpoint.isEmpty() && !endpoint.matches("https?://[^/\\s]+/?")) {
      throw new IllegalArgumentException(
          "cannot use endpoint: '%s' (http://HOST:PORT or https://HOST:PORT)".formatted(text));
    }
    return endpoint;
  }

  private LakeSettings() {}
}
