package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to a catalog behind Iceberg's REST protocol. */
class RestCatalogTest {

  private static final UUID LOG = new UUID(1, 1);

  @TempDir Path directory;
  private long mark;

  @Test
  void serverThatIsAwayAndComesBackIsGotOver() throws Exception {
    RestCatalogServer first = server(0);
    LakeConfig config = CatalogKind.rest(first, directory, 20);
    try (Lake lake = TempLake.open(config)) {
      lake.ensureTables("default");
      commitNext(lake);
      int port = first.port();
      first.close();
      LakeTable table = lake.table("default", Table.TRACES);
      assertThatThrownBy(() -> table.commit(new LogRange(LOG, mark, mark + 1), List.of()))
          .isInstanceOf(LakeUnavailableException.class)
          .hasMessageContaining("retry later");
      try (RestCatalogServer second = server(port)) {
        commitNext(lake);
        assertThat(TempLake.traceIds(lake)).containsExactly("0", "1");
        assertThat(second.port()).isEqualTo(port);
      }
    }
  }

  @Test
  void serverThatDoesNotKnowUsSaysSo() throws Exception {
    try (RestCatalogServer server = server(0)) {
      LakeConfig stranger =
          CatalogKind.config(server.uri(), directory, 20, Map.of("token", "somebody"));
      assertThatThrownBy(() -> TempLake.open(stranger).close())
          .isInstanceOf(LakeUnavailableException.class)
          .hasMessageContaining("cannot open catalog " + server.uri())
          .hasMessageContaining("Not authorized");
    }
  }

  /** The server judges the times of what it is sent: only a right clock helps. */
  @Test
  void tableAheadOfTheClockIsNotCommittedToAndTheReasonIsSaid() throws Exception {
    try (RestCatalogServer server = server(0)) {
      LakeConfig config = CatalogKind.rest(server, directory, 20);
      try (Lake lake = TempLake.open(config)) {
        lake.ensureTables("default");
        commitNext(lake);
      }
      Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofHours(-1));
      try (Lake lake =
          Lake.open(config, behind, new ForcingFileIO(), UnrepeatingConnections::new, p -> {})) {
        LakeTable table = lake.table("default", Table.TRACES);
        assertThatThrownBy(() -> table.commit(new LogRange(LOG, mark, mark + 1), List.of()))
            .isInstanceOf(LakeUnavailableException.class)
            .hasMessageContaining("ahead of this machine's clock (set the clock right)");
      }
      try (Lake lake = TempLake.open(config)) {
        commitNext(lake);
        assertThat(TempLake.traceIds(lake)).containsExactly("0", "1");
      }
    }
  }

  @Test
  void tableThatTheServerPutsElsewhereIsOutsideTheWarehouse() throws Exception {
    try (RestCatalogServer server = server(0);
        Lake lake = TempLake.open(CatalogKind.rest(server, directory, 20))) {
      lake.ensureTables("default");
      LakeTable table = lake.table("default", Table.TRACES);
      table.marks();
      assertThat(lake.isOutside(table.location().orElseThrow())).isFalse();
      assertThat(lake.isOutside("s3://bucket/warehouse/default/traces")).isTrue();
    }
  }

  private RestCatalogServer server(int port) throws Exception {
    return RestCatalogServer.start(
        port, TempLake.config(directory), new ForcingFileIO(), new Faults(), false);
  }

  private void commitNext(Lake lake) throws Exception {
    TempLake.commit(lake, LOG, mark);
    mark++;
  }
}
