package io.sluice.bench.harness;

import io.sluice.lake.LakeConfig;
import io.sluice.lake.s3.S3Config;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flags with which a Writer uses tables that are somewhere else than in its data directory. */
public final class LakeFlags {

  /**
   * @param endpoint where the store is reached, instead of where it is
   */
  public static List<String> of(LakeConfig lake, @Nullable URI endpoint) {
    S3Config s3 = lake.s3();
    List<String> flags = new ArrayList<>();
    flags.add("--catalog.uri=" + lake.catalogUri());
    flags.add("--warehouse=" + lake.warehouse());
    add(flags, "catalog.user", lake.catalogProperties().get("jdbc.user"));
    add(flags, "catalog.password", lake.catalogProperties().get("jdbc.password"));
    add(flags, "s3.endpoint", endpoint);
    add(flags, "s3.region", s3.region());
    add(flags, "s3.path-style", s3.pathStyle());
    add(flags, "s3.access-key", s3.accessKey());
    add(flags, "s3.secret-key", s3.secretKey());
    return flags;
  }

  private static void add(List<String> flags, String key, @Nullable Object value) {
    if (value != null) {
      flags.add("--%s=%s".formatted(key, value));
    }
  }

  private LakeFlags() {}
}
