package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.LakeConfig;
import io.sluice.lake.s3.S3Config;
import io.sluice.s3server.FaultScript;
import io.sluice.s3server.FaultyStore;
import io.sluice.s3server.S3Server;
import io.sluice.s3server.StoreFault;
import io.sluice.schema.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SQL over rows that are persisted in a real S3 server, and hot ones. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class S3ReadTest {

  @TempDir private Path directory;

  @Test
  void rowsInTheStoreAndHotOnesAreReadAsOneAndNoCopyStays() throws Exception {
    Path copies = directory.resolve("copies");
    try (S3Server server = S3Server.start(Files.createDirectory(directory.resolve("store")));
        FaultyStore store = FaultyStore.before(server.endpoint())) {
      S3Config s3 = S3Config.of(store.endpoint(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
      LakeConfig config =
          LakeConfig.of(
              "jdbc:sqlite:" + directory.resolve("catalog.db"),
              "s3://" + S3Server.BUCKET + "/warehouse",
              s3);
      try (Reading reading = new Reading(config, List.of(), copies)) {
        reading.lake.ensureTables("default");
        for (long position = 1; position <= 6; position++) {
          reading.writer.add(Table.TRACES, position, row(position));
        }
        persist(reading, 0, 2);
        persist(reading, 2, 5);
        assertThat(reading.csv("SELECT name FROM traces ORDER BY name").lines().skip(1))
            .containsExactly("1", "2", "3", "4", "5", "6");
        assertThat(reading.value("SELECT count(*) FROM traces WHERE name < '4'")).isEqualTo("3");
        assertThat(copies).isNotEmptyDirectory();
        store.play(FaultScript.all(new StoreFault.Answer(403, "AccessDenied")));
        assertThatThrownBy(() -> reading.csv("SELECT name FROM traces"))
            .isInstanceOf(ReadException.class)
            .hasMessageContaining("cannot load table traces")
            .hasMessageContaining("the store denies access (docs/operations.md");
        store.play(FaultScript.NOTHING);
        server.close();
        assertThatThrownBy(() -> reading.csv("SELECT name FROM traces"))
            .isInstanceOf(ReadException.class)
            .hasMessageContaining("cannot load table traces");
      }
    }
    assertThat(copies).doesNotExist();
  }

  private static void persist(Reading reading, long from, long to) throws Exception {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (long position = from + 1; position <= to; position++) {
      rows.add(row(position));
    }
    reading.persist(Table.TRACES, from, to, rows);
  }

  private static Map<String, Object> row(long position) {
    return Map.of("time", TestRows.NOON, "name", Long.toString(position));
  }
}
