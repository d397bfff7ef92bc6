package io.sluice.lake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.lake.s3.S3Config;
import io.sluice.schema.table.Promotions;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the tables are.
 *
 * @param catalogUri {@code jdbc:sqlite:FILE}, {@code jdbc:postgresql://...}, or {@code https://...}
 *     of an Iceberg REST catalog; a password in it becomes a property
 * @param warehouse {@code file:///absolute/path} or {@code s3://bucket/prefix}; recorded so in
 *     every table, never percent-encoded
 * @param catalogProperties more properties for the Iceberg catalog, such as {@code jdbc.user} or
 *     {@code token}
 * @param snapshotsKept snapshots of ours that stay when older ones expire
 * @param snapshotMinAge no snapshot younger than this expires, however many there are
 * @param s3 how a warehouse there is reached
 * @param promotions columns that new tables get, and others at a start
 */
public record LakeConfig(
    String catalogUri,
    String warehouse,
    Map<String, String> catalogProperties,
    int snapshotsKept,
    Duration snapshotMinAge,
    S3Config s3,
    Promotions promotions) {

  private static final int SNAPSHOTS_KEPT = 20;
  private static final Duration SNAPSHOT_MIN_AGE = Duration.ofMinutes(2);

  private static final Pattern PASSWORD = Pattern.compile("(?<=[?&])password=([^&]*)&?");

  /** Seconds. A statement of the catalog takes milliseconds. */
  private static final Map<String, String> POSTGRESQL_DEFAULTS =
      new TreeMap<>(
          Map.of(
              "ApplicationName", "sluice",
              "connectTimeout", "5",
              "prepareThreshold", "0", // poolers in between lose prepared statements
              "socketTimeout", "15",
              "targetServerType", "primary",
              "tcpKeepAlive", "true"));

  public LakeConfig {
    if (!catalogUri.matches("(jdbc:sqlite:|jdbc:postgresql:|https?://).*")) {
      throw new IllegalArgumentException(
          "cannot use catalog: "
              + catalogUri
              + " (jdbc:sqlite:FILE, jdbc:postgresql://... or https://...)");
    }
    if (!warehouse.startsWith("file:///") && !warehouse.matches("s3://[^/]+/.*[^/]")) {
      throw new IllegalArgumentException(
          "cannot use warehouse: " + warehouse + " (file:///absolute/path or s3://bucket/prefix)");
    }
    if (snapshotsKept < 1) {
      throw new IllegalArgumentException("cannot keep fewer than 1 snapshot: " + snapshotsKept);
    }
    catalogProperties = withPassword(catalogProperties, catalogUri);
    catalogUri = PASSWORD.matcher(catalogUri).replaceAll("").replaceFirst("[?&]$", "");
  }

  /** It is told to the driver beside the URI, which drivers and exceptions print. */
  private static Map<String, String> withPassword(Map<String, String> properties, String uri) {
    Matcher password = PASSWORD.matcher(uri);
    Map<String, String> all = new TreeMap<>(properties);
    if (password.find()) {
      all.putIfAbsent("jdbc.password", URLDecoder.decode(password.group(1), UTF_8));
    }
    return Map.copyOf(all);
  }

  /** Without promoted columns. */
  public LakeConfig(
      String catalogUri,
      String warehouse,
      Map<String, String> catalogProperties,
      int snapshotsKept,
      Duration snapshotMinAge,
      S3Config s3) {
    this(
        catalogUri,
        warehouse,
        catalogProperties,
        snapshotsKept,
        snapshotMinAge,
        s3,
        Promotions.NONE);
  }

  public static LakeConfig of(String catalogUri, String warehouse) {
    return of(catalogUri, warehouse, S3Config.AWS);
  }

  public static LakeConfig of(String catalogUri, String warehouse, S3Config s3) {
    return of(catalogUri, warehouse, Map.of(), s3);
  }

  static LakeConfig of(
      String catalogUri, String warehouse, Map<String, String> catalogProperties, S3Config s3) {
    return new LakeConfig(
        catalogUri, warehouse, catalogProperties, SNAPSHOTS_KEPT, SNAPSHOT_MIN_AGE, s3);
  }

  /** The same with promoted columns. */
  public LakeConfig with(Promotions promoted) {
    return new LakeConfig(
        catalogUri, warehouse, catalogProperties, snapshotsKept, snapshotMinAge, s3, promoted);
  }

  /** Whether the files are in an object store. */
  public boolean isInS3() {
    return isInS3(warehouse);
  }

  static boolean isInS3(String location) {
    return location.startsWith("s3:");
  }

  /** Whether the catalog is behind Iceberg's REST protocol. */
  boolean isRest() {
    return catalogUri.startsWith("http");
  }

  /**
   * With what the database's own defaults lack. SQLite's neither force each commit nor wait for a
   * writer of another process; PostgreSQL's wait for ever, and take a standby for a server.
   */
  String connectUri() {
    if (catalogUri.startsWith("jdbc:sqlite:")) {
      return catalogUri.contains("?")
          ? catalogUri
          : catalogUri + "?journal_mode=WAL&synchronous=FULL&busy_timeout=10000";
    }
    return isRest() ? catalogUri : withDefaults(catalogUri);
  }

  private static String withDefaults(String uri) {
    StringBuilder complete = new StringBuilder(uri);
    POSTGRESQL_DEFAULTS.forEach(
        (name, value) -> {
          if (!uri.matches(".*[?&]" + name + "=.*")) {
            complete.append(complete.indexOf("?") < 0 ? '?' : '&').append(name + "=" + value);
          }
        });
    return complete.toString();
  }

  /** Never what it is asked with. */
  @Override
  public String toString() {
    return "LakeConfig[catalogUri=%s, warehouse=%s, snapshotsKept=%d, snapshotMinAge=%s, s3=%s]"
        .formatted(catalogUri, warehouse, snapshotsKept, snapshotMinAge, s3);
  }
}
