package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a PostgreSQL server does to its clients in a production, by a real one. */
class PostgresCatalogTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path directory;
  private long mark;

  @Test
  void connectionsThatTheServerEndedAreReplaced() throws Exception {
    LakeConfig config = CatalogKind.POSTGRESQL.config(directory);
    try (Lake lake = TempLake.open(config)) {
      lake.ensureTables("default");
      commitNext(lake);
      for (int i = 0; i < 3; i++) {
        execute(
            config.catalogUri(),
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                + " WHERE application_name = 'sluice' AND pid <> pg_backend_pid()");
        commitNext(lake);
      }
      assertThat(TempLake.traceIds(lake)).containsExactly("0", "1", "2", "3");
      // One failure each: the other idle connections went with the first that failed.
      assertThat(lake.counters().retries()).isBetween(1L, 6L);
    }
  }

  @Test
  void serverThatIsAwayAndComesBackIsGotOver() throws Exception {
    Path data = directory.resolve("postgres");
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
    EmbeddedPostgres first = builder.start();
    int port = first.getPort();
    String uri = first.getJdbcUrl("postgres", "postgres");
    try (Lake lake = TempLake.open(config(uri))) {
      lake.ensureTables("default");
      commitNext(lake);
      first.close();
      LakeTable table = lake.table("default", Table.TRACES);
      assertThatThrownBy(() -> table.commit(new LogRange(LOG, mark, mark + 1), List.of()))
          .isInstanceOf(LakeUnavailableException.class)
          .hasMessageContaining("retry later");
      try (EmbeddedPostgres second = builder.setPort(port).start()) {
        commitNext(lake);
        assertThat(TempLake.traceIds(lake)).containsExactly("0", "1");
        assertThat(second.getPort()).isEqualTo(port);
      }
    }
  }

  @Test
  void firstOfSeveralHostsThatAnswersAndCanBeWrittenIsTaken() throws Exception {
    String one = CatalogKind.POSTGRESQL.config(directory).catalogUri();
    String several = one.replace("//localhost:", "//127.0.0.1:1,localhost:");
    assertThat(several).isNotEqualTo(one);
    try (Lake lake = TempLake.open(config(several))) {
      lake.ensureTables("default");
      commitNext(lake);
      assertThat(TempLake.traceIds(lake)).containsExactly("0");
    }
  }

  @Test
  void connectionIsEncryptedAndTheServerKnownByItsCertificate() throws Exception {
    Path certificate = certificate();
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", certificate.toString())
            .setServerConfig("ssl_key_file", directory.resolve("server.key").toString())
            .start()) {
      String uri = server.getJdbcUrl("postgres", "postgres") + "&sslmode=verify-full&sslrootcert=";
      try (Lake lake = TempLake.open(config(uri + certificate))) {
        lake.ensureTables("default");
        commitNext(lake);
        assertThat(
                execute(
                    server.getJdbcUrl("postgres", "postgres"),
                    "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                        + " WHERE application_name = 'sluice' AND ssl"))
            .isPositive();
      }
      Path other = Files.writeString(directory.resolve("other.crt"), "");
      assertThatThrownBy(() -> TempLake.open(config(uri + other)).close())
          .isInstanceOf(LakeUnavailableException.class)
          .hasMessageContaining("cannot open catalog");
    }
  }

  @Test
  void userAndPasswordMayBeApartFromTheUri() {
    LakeConfig config =
        CatalogKind.config(
            "jdbc:postgresql://db/sluice", directory, 20, Map.of("jdbc.user", "sluice"));
    assertThat(config.connectUri())
        .startsWith("jdbc:postgresql://db/sluice?")
        .contains("socketTimeout=15", "connectTimeout=5", "targetServerType=primary");
    assertThat(
            CatalogKind.config("jdbc:postgresql://db/x?socketTimeout=3", directory, 20, Map.of())
                .connectUri())
        .contains("?socketTimeout=3&")
        .doesNotContain("socketTimeout=15");
  }

  @Test
  void whyItCannotBeOpenedIsSaidWithWhatToDo() {
    String there = CatalogKind.POSTGRESQL.config(directory).catalogUri();
    assertRefused(
        there.replaceFirst("/[^/?]*\\?", "/nobodys?"),
        "FATAL: database \"nobodys\" does not exist (make it, or see to catalog.uri)");
    assertRefused(
        there.replaceFirst("user=[a-z]*", "user=nobody"),
        "FATAL: role \"nobody\" does not exist (see to catalog.user, catalog.password, and whom");
    assertRefused(
        "jdbc:postgresql://localhost:1/lake",
        "Connection to localhost:1 refused. Check that the hostname and port are correct");
    assertRefused("jdbc:postgresql://localhost:1/lake", "(does the database run, and is it where");
  }

  private void assertRefused(String uri, String sentence) {
    assertThatThrownBy(() -> TempLake.open(config(uri)).close())
        .isInstanceOf(LakeUnavailableException.class)
        .hasMessageContaining("cannot open catalog " + uri + ": ")
        .hasMessageContaining(sentence)
        .hasMessageNotContaining("socketTimeout");
  }

  @Test
  void passwordIsInNoMessage() {
    LakeConfig config =
        config("jdbc:postgresql://localhost:1/lake?password=se%26cret&user=sluice&ssl=false");
    assertThat(config.catalogUri())
        .isEqualTo("jdbc:postgresql://localhost:1/lake?user=sluice&ssl=false");
    assertThat(config.catalogProperties()).containsEntry("jdbc.password", "se&cret");
    assertThat(config("jdbc:postgresql://db/lake?password=x").catalogUri())
        .isEqualTo("jdbc:postgresql://db/lake");
    assertThat(config.toString()).doesNotContain("cret");
    assertThatThrownBy(() -> TempLake.open(config).close())
        .isInstanceOf(LakeUnavailableException.class)
        .satisfies(
            e -> {
              StringWriter trace = new StringWriter();
              e.printStackTrace(new PrintWriter(trace));
              assertThat(trace.toString()).contains("jdbc:postgresql").doesNotContain("cret");
            });
  }

  private LakeConfig config(String uri) {
    return CatalogKind.config(uri, directory, 20, Map.of());
  }

  private void commitNext(Lake lake) throws Exception {
    TempLake.commit(lake, LOG, mark);
    mark++;
  }

  private static long execute(String uri, String sql) throws Exception {
    try (Connection connection = java.sql.DriverManager.getConnection(uri);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  /** Of localhost, self-signed; its key beside it. */
  private Path certificate() throws Exception {
    Path store = directory.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).describedAs(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    Path key = directory.resolve("server.key");
    Files.writeString(key, pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    return Files.writeString(
        directory.resolve("server.crt"),
        pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), what);
  }
}
