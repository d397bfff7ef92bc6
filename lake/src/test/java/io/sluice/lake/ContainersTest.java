package io.sluice.lake;

import io.sluice.lake.s3.S3Config;
import io.sluice.lake.s3.S3FilesContract;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** MinIO and PostgreSQL as others run them, where there is Docker. */
@EnabledIf(
    value = "isDockerThere",
    disabledReason = "there is no Docker: not run against MinIO and PostgreSQL in containers")
class ContainersTest extends S3FilesContract {

  private static final String KEY = "sluice-tests";
  private static final int MINIO_PORT = 9000;
  private static final int POSTGRES_PORT = 5432;

  /** A directory of its data is a bucket. */
  private static final GenericContainer<?> MINIO =
      new GenericContainer<>("minio/minio:RELEASE.2025-09-07T16-13-09Z")
          .withEnv(Map.of("MINIO_ROOT_USER", KEY, "MINIO_ROOT_PASSWORD", KEY))
          .withExposedPorts(MINIO_PORT)
          .withCreateContainerCmdModifier(it -> it.withEntrypoint("sh", "-c"))
          .withCommand("mkdir -p /data/" + BUCKET + " && exec minio server /data")
          .waitingFor(Wait.forHttp("/minio/health/ready").forPort(MINIO_PORT));

  private static final GenericContainer<?> POSTGRES =
      new GenericContainer<>("postgres:17-alpine")
          .withEnv("POSTGRES_PASSWORD", KEY)
          .withExposedPorts(POSTGRES_PORT)
          .waitingFor(Wait.forLogMessage(".*ready to accept connections.*\\n", 2));

  static boolean isDockerThere() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  @BeforeAll
  static void start() {
    MINIO.start();
    POSTGRES.start();
  }

  @AfterAll
  static void stop() {
    POSTGRES.stop();
    MINIO.stop();
  }

  @Override
  protected S3Config config() {
    URI endpoint =
        URI.create("http://%s:%d".formatted(MINIO.getHost(), MINIO.getMappedPort(MINIO_PORT)));
    return S3Config.of(endpoint, KEY, KEY);
  }

  @Test
  void oneOfTwoWins() throws Exception {
    String catalog =
        "jdbc:postgresql://%s:%d/postgres?user=postgres&password=%s"
            .formatted(POSTGRES.getHost(), POSTGRES.getMappedPort(POSTGRES_PORT), KEY);
    CommitRaceTest.race(LakeConfig.of(catalog, "s3://" + BUCKET + "/race", config()));
  }
}
