package io.sluice.writer.persist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What {@code sluice status} says of a table that cannot be persisted. */
final class PersistFailureTest {

  @Test
  void tellsWhatTheDiskSaid() {
    IOException disk = new FileSystemException("/a/b.parquet", null, "Operation not permitted");
    assertThat(PersistFailure.reason(new UncheckedIOException("cannot create file: b", disk)))
        .isEqualTo("cannot create file: b: Operation not permitted");
    assertThat(PersistFailure.reason(new IOException("cannot list", new NoSuchFileException("/a"))))
        .isEqualTo("cannot list: java.nio.file.NoSuchFileException: /a");
  }

  @Test
  void tellsWhatTheDatabaseSaid() {
    SQLException database = new SQLException("[SQLITE_BUSY] The database file is locked");
    Throwable wrapped = new IllegalStateException("Unknown failure", database);
    assertThat(PersistFailure.reason(new IllegalStateException("cannot commit", wrapped)))
        .isEqualTo("cannot commit: [SQLITE_BUSY] The database file is locked");
  }

  @Test
  void saysNothingTwiceAndNoNumbersOfRequests() {
    IOException disk = new FileSystemException("/a", null, "No space left on device");
    assertThat(
            PersistFailure.reason(new IOException("cannot write: No space left on device", disk)))
        .isEqualTo("cannot write: No space left on device");
    assertThat(PersistFailure.reason(new IOException("slow down", new IOException("id 4711"))))
        .isEqualTo("slow down");
  }

  @Test
  void followsCausesThatGoRoundForSomeTime() {
    IOException first = new IOException("first");
    first.initCause(new IOException("second", first));
    assertThat(PersistFailure.reason(first)).isEqualTo("first");
  }
}
