package io.sluice.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.layout.Checkout;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.s3.S3Config;
import io.sluice.schema.service.Settings;
import io.sluice.writer.WriterSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be said, without a Docker engine, of the file that puts the tables into a store. */
class ComposeS3Test {

  private static final Path FILE = Checkout.root().resolve("docker-compose.s3.yml");

  @TempDir private Path directory;

  @Test
  void itGivesTheWriterSettingsThatItReads() throws Exception {
    Settings settings = settings();
    WriterSettings.from(settings);
    settings.check();

    assertThat(settings.declared().stream().map(s -> Settings.environmentName(s.key())).toList())
        .containsAll(Yaml.mapAt(service("writer"), "environment").keySet());
    assertThat(Yaml.mapAt(Yaml.document(FILE), "services"))
        .containsOnlyKeys("writer", "flight-sql", "store", "postgres");
    assertThat(service("flight-sql"))
        .isEqualTo(Map.of("environment", Yaml.mapAt(service("writer"), "environment")));
  }

  @Test
  void theWriterFindsTheStoreAndHasItsKeysAndBucket() throws Exception {
    LakeConfig lake = WriterSettings.from(settings()).lake();
    S3Config s3 = lake.s3();
    Map<String, Object> store = Yaml.mapAt(service("store"), "environment");
    URI listens = URI.create((String) Yaml.at(store, "S3PROXY_ENDPOINT"));

    assertThat(s3.endpoint()).isEqualTo(URI.create("http://store:" + listens.getPort()));
    assertThat(s3.accessKey()).isEqualTo(store.get("S3PROXY_IDENTITY"));
    assertThat(s3.secretKey()).isEqualTo(store.get("S3PROXY_CREDENTIAL"));
    assertThat(Yaml.at(service("store"), "entrypoint").toString())
        .contains(
            "mkdir -p %s/%s "
                .formatted(
                    store.get("JCLOUDS_FILESYSTEM_BASEDIR"),
                    URI.create(lake.warehouse()).getHost()));
  }

  @Test
  void theWriterFindsTheCatalogAndHasItsPassword() throws Exception {
    Map<String, Object> postgres = Yaml.mapAt(service("postgres"), "environment");

    LakeConfig lake = WriterSettings.from(settings()).lake();
    assertThat(lake.catalogUri())
        .isEqualTo(
            "jdbc:postgresql://postgres:5432/%s?user=%s"
                .formatted(postgres.get("POSTGRES_DB"), postgres.get("POSTGRES_USER")));
    assertThat(lake.catalogProperties())
        .containsEntry("jdbc.password", (String) postgres.get("POSTGRES_PASSWORD"));
    assertThat(Yaml.mapAt(service("writer"), "depends_on")).containsOnlyKeys("postgres", "store");
  }

  @Test
  void theStoreIsTheOneOfTheTests() throws Exception {
    String image = (String) Yaml.at(service("store"), "image");

    assertThat(Files.readString(Checkout.root().resolve("s3-server/lib/pom.xml")))
        .contains(
            "<artifactId>s3proxy</artifactId><version>%s</version>"
                .formatted(image.substring(image.lastIndexOf('-') + 1)));
  }

  @Test
  void whatItPublishesIsOnTheHostsLoopback() throws Exception {
    for (String name : List.of("store", "postgres")) {
      assertThat((List<?>) Yaml.at(service(name), "ports"))
          .isNotEmpty()
          .allMatch(port -> port.toString().startsWith("127.0.0.1:"));
    }
  }

  private Settings settings() throws Exception {
    Map<String, String> environment = new HashMap<>();
    Yaml.mapAt(service("writer"), "environment")
        .forEach((key, value) -> environment.put(key, value.toString()));
    return Settings.of(List.of(), environment, directory);
  }

  private static Map<String, Object> service(String name) throws Exception {
    return Yaml.mapAt(Yaml.document(FILE), "services", name);
  }
}
