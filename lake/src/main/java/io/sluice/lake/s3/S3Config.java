package io.sluice.lake.s3;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an object store is reached.
 *
 * @param endpoint of a compatible store; null = AWS
 * @param region null = what the SDK finds (environment, profile, instance)
 * @param pathStyle bucket in the path instead of in the host's name
 * @param accessKey with {@code secretKey}; null = what the SDK finds (environment, profile, web
 *     identity, container, instance)
 * @param kmsKey id of the key that objects are encrypted with (SSE-KMS); null = the bucket's
 *     default
 * @param tags of each object that is written
 */
public record S3Config(
    @Nullable URI endpoint,
    @Nullable String region,
    boolean pathStyle,
    @Nullable String accessKey,
    @Nullable String secretKey,
    @Nullable String kmsKey,
    Map<String, String> tags) {

  public S3Config {
    if ((accessKey == null) != (secretKey == null)) {
      throw new IllegalArgumentException(
          "cannot use S3 keys: one of s3.access-key and s3.secret-key is missing");
    }
    tags = Map.copyOf(tags);
  }

  /** AWS, with all that the SDK finds by itself. */
  public static final S3Config AWS = new S3Config(null, null, false, null, null, null, Map.of());

  /** A compatible store with keys of its own, its buckets in paths. */
  public static S3Config of(URI endpoint, String accessKey, String secretKey) {
    return new S3Config(endpoint, null, true, accessKey, secretKey, null, Map.of());
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "S3Config[endpoint=%s, region=%s, pathStyle=%s, accessKey=%s, kmsKey=%s, tags=%s]"
        .formatted(endpoint, region, pathStyle, accessKey, kmsKey, tags);
  }
}
