package io.sluice.cli.doctor;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.schema.service.Secrets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** The warehouse and the catalog, as a Writer uses them; nothing is committed. */
final class LakeChecks {

  private static final String FILE = "file://";
  private static final String SQLITE = "jdbc:sqlite:";
  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final byte[] PROBE = "sluice doctor".getBytes(StandardCharsets.US_ASCII);

  private final LakeConfig config;

  LakeChecks(LakeConfig config) {
    this.config = config;
  }

  List<Finding> run() throws InterruptedException {
    List<Finding> findings = new ArrayList<>(warehouse());
    if (config.catalogUri().startsWith(SQLITE)) {
      findings.add(sqlite());
    } else if (config.catalogUri().startsWith(POSTGRESQL)) {
      findings.addAll(postgresql());
    } else {
      findings.addAll(rest());
    }
    return findings;
  }

  private List<Finding> warehouse() throws InterruptedException {
    String warehouse = config.warehouse();
    List<Finding> findings = new ArrayList<>();
    if (warehouse.startsWith(FILE)
        && !Files.isDirectory(Path.of(warehouse.substring(FILE.length())))) {
      findings.add(Finding.ok("warehouse", warehouse + " is not there yet: a Writer makes it"));
      return findings;
    }
    try (SupportsPrefixOperations files = Lake.files(config)) {
      findings.add(probe(files, warehouse));
    } catch (RuntimeException e) {
      findings.add(failed("warehouse", "use " + warehouse, e));
    }
    URI endpoint = config.s3().endpoint();
    if (config.isInS3() && endpoint != null) {
      date("the store's clock", endpoint).ifPresent(findings::add);
    }
    return findings;
  }

  /** In a directory of its own, so that listing finds nothing else. */
  private static Finding probe(SupportsPrefixOperations files, String warehouse) {
    String directory = "%s/.sluice-doctor-%s".formatted(warehouse, UUID.randomUUID());
    String location = directory + "/probe";
    String step = "write to";
    try {
      try (OutputStream out = files.newOutputFile(location).create()) {
        out.write(PROBE);
      }
      try {
        step = "read from";
        try (InputStream in = files.newInputFile(location).newStream()) {
          in.skipNBytes(PROBE.length);
        }
        step = "list";
        if (!files.listPrefix(directory).iterator().hasNext()) {
          throw new IOException("what was written is not listed");
        }
        step = "delete from";
      } finally {
        files.deleteFile(location);
        if (directory.startsWith(FILE)) {
          Files.delete(Path.of(directory.substring(FILE.length())));
        }
      }
      return Finding.ok("warehouse", warehouse + ": writes, reads, lists, deletes");
    } catch (IOException | RuntimeException e) {
      return failed("warehouse", step + " " + warehouse, e);
    }
  }

  private static Finding failed(String check, String what, Exception e) {
    return Finding.fail(
        check,
        "cannot %s: %s (%s)"
            .formatted(
                Secrets.mask("", what),
                Secrets.mask("", reason(e)),
                check.equals("warehouse")
                    ? "the settings warehouse and s3.* say where it is, and who asks"
                    : "the settings catalog.* say where it is, and who asks"));
  }

  /** One line; of connections that fail, what says why is further down, if anything does. */
  private static String reason(Exception e) {
    Throwable deepest = e;
    while (deepest.getMessage() == null && deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    if (deepest.getMessage() == null) {
      return e instanceof ConnectException ? "connection refused" : deepest.toString();
    }
    return deepest.getMessage().lines().findFirst().orElse("");
  }

  private Finding sqlite() {
    Path file = Path.of(config.catalogUri().substring(SQLITE.length()).replaceFirst("\\?.*", ""));
    if (!Files.exists(file)) {
      return Finding.ok("catalog", file + " is not there yet: a Writer makes it");
    }
    try (Connection sqlite = DriverManager.getConnection(SQLITE + file);
        Statement statement = sqlite.createStatement();
        ResultSet tables = statement.executeQuery("PRAGMA quick_check(1)")) {
      String said = tables.next() ? tables.getString(1) : "nothing";
      if (!said.equals("ok")) {
        return Finding.fail(
            "catalog", "%s is damaged: %s (bring back a copy of it)".formatted(file, said));
      }
      return Files.isWritable(file)
          ? Finding.ok("catalog", file + ": whole, and can be written")
          : Finding.fail("catalog", "cannot write to " + file + " (permission denied)");
    } catch (SQLException e) {
      return failed("catalog", "open " + file, e);
    }
  }

  private List<Finding> postgresql() {
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", Long.toString(TIMEOUT.toSeconds()));
    properties.setProperty("socketTimeout", Long.toString(TIMEOUT.toSeconds()));
    for (Map.Entry<String, String> each : config.catalogProperties().entrySet()) {
      if (each.getKey().startsWith("jdbc.")) {
        properties.setProperty(each.getKey().substring("jdbc.".length()), each.getValue());
      }
    }
    Instant before = Instant.now();
    try (Connection database = DriverManager.getConnection(config.catalogUri(), properties);
        Statement statement = database.createStatement();
        ResultSet now =
            statement.executeQuery(
                "SELECT extract(epoch FROM clock_timestamp()) * 1000, has_schema_privilege(current_schema(), 'CREATE')")) {
      now.next();
      Instant theirs = Instant.ofEpochMilli((long) now.getDouble(1));
      Finding may =
          now.getBoolean(2)
              ? Finding.ok("catalog", "the database answers")
              : Finding.warn(
                  "catalog",
                  "this user may make no tables there, as a first start does (GRANT CREATE ON SCHEMA)");
      return List.of(
          may, ClockChecks.against("the database's clock", before, theirs, Instant.now()));
    } catch (SQLException e) {
      return List.of(failed("catalog", "ask " + config.catalogUri(), e));
    }
  }

  private List<Finding> rest() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    try (Lake lake = Lake.open(config, Clock.systemUTC())) {
      findings.add(
          Finding.ok(
              "catalog", "it answers, and has %d namespaces".formatted(lake.tenants().size())));
    } catch (IOException | RuntimeException e) {
      findings.add(failed("catalog", "use " + config.catalogUri(), e));
    }
    date("the catalog's clock", URI.create(config.catalogUri())).ifPresent(findings::add);
    return findings;
  }

  /** By the Date of any answer; nothing if there is none: what is away, others say. */
  private static Optional<Finding> date(String whose, URI endpoint) throws InterruptedException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    HttpRequest head =
        HttpRequest.newBuilder(endpoint)
            .timeout(TIMEOUT)
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build();
    Instant before = Instant.now().minusSeconds(1); // it has whole seconds
    try {
      Optional<String> date =
          client.send(head, HttpResponse.BodyHandlers.discarding()).headers().firstValue("Date");
      return date.map(
          text ->
              ClockChecks.against(
                  whose,
                  before,
                  DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from),
                  Instant.now()));
    } catch (IOException | DateTimeException e) {
      return Optional.of(Finding.warn("clock", "cannot ask %s: %s".formatted(endpoint, reason(e))));
    }
  }
}
