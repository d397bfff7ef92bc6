package io.sluice.lake.s3;

import io.sluice.s3server.S3Server;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Files in a real S3 server. */
class S3FilesTest extends S3FilesContract {

  @TempDir static Path directory;
  private static S3Server server;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  protected S3Config config() {
    return FaultyBucket.config(server.endpoint());
  }
}
