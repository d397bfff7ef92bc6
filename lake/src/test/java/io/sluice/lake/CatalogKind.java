package io.sluice.lake;

import io.sluice.lake.s3.S3Config;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The kinds of catalog that there are, each a real one: what holds for one must for all. */
enum CatalogKind {
  SQLITE {
    @Override
    LakeConfig make(Path directory, int snapshotsKept) {
      return TempLake.config(directory, snapshotsKept);
    }
  },
  POSTGRESQL {
    @Override
    LakeConfig make(Path directory, int snapshotsKept) {
      return config(database(), directory, snapshotsKept, Map.of());
    }
  },
  REST {
    @Override
    LakeConfig make(Path directory, int snapshotsKept) {
      try {
        RestCatalogServer server =
            RestCatalogServer.start(
                TempLake.config(directory), new ForcingFileIO(), new Faults(), false);
        return rest(server, directory, snapshotsKept);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  };

  private static final ConcurrentMap<Path, LakeConfig> MADE = new ConcurrentHashMap<>();
  private static final AtomicInteger DATABASES = new AtomicInteger();

  /** One server for all tests of this process, ended with it. */
  private static final class Postgres {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The same catalog for the same directory, whoever asks. */
  LakeConfig config(Path directory) {
    return config(directory, 20);
  }

  LakeConfig config(Path directory, int snapshotsKept) {
    return MADE.computeIfAbsent(directory, ignored -> make(directory, snapshotsKept));
  }

  abstract LakeConfig make(Path directory, int snapshotsKept);

  static LakeConfig rest(RestCatalogServer server, Path directory, int snapshotsKept) {
    return config(server.uri(), directory, snapshotsKept, Map.of("token", RestCatalogServer.TOKEN));
  }

  static LakeConfig config(
      String uri, Path directory, int snapshotsKept, Map<String, String> properties) {
    return new LakeConfig(
        uri,
        "file://" + directory.resolve("warehouse"),
        properties,
        snapshotsKept,
        Duration.ZERO,
        S3Config.AWS);
  }

  private static String database() {
    String name = "lake" + DATABASES.incrementAndGet();
    try (Connection connection = Postgres.SERVER.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return Postgres.SERVER.getJdbcUrl("postgres", name);
  }
}
