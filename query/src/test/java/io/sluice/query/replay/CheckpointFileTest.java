package io.sluice.query.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.query.replay.Checkpoint.Place;
import io.sluice.query.replay.Checkpoint.Source;
import io.sluice.schema.table.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointFileTest {

  private static final Checkpoint ONE =
      new Checkpoint(
          "an id",
          Map.of("to", "http://there:4317", "where", "body = 'a \"word\"'", "from", ""),
          List.of(
              new Source(Table.TRACES, List.of("traces-0.arrows", "traces-1.arrows"), 70_000),
              new Source(Table.METRICS_SUM, List.of(), 0)),
          new Place(1, 2, 3_000_000_000L),
          new Totals(5_000_000_000L, 1, 2, 3, 4),
          false);

  @TempDir private Path directory;

  @Test
  void whatWasSavedIsReadAndItsRowsStayUntilItHasEnded() throws Exception {
    Path file = directory.resolve("c.json");
    try (CheckpointFile checkpoint = CheckpointFile.open(file)) {
      assertThat(checkpoint.read()).isNull();
      Files.writeString(checkpoint.rows().resolve("traces-0.arrows"), "rows");
      checkpoint.save(ONE);
    }
    try (CheckpointFile checkpoint = CheckpointFile.open(file)) {
      assertThat(checkpoint.read()).isEqualTo(ONE);
      assertThat(checkpoint.rows().resolve("traces-0.arrows")).exists();
      checkpoint.save(ONE.at(new Place(2, 0, 0), Totals.NONE, true));
    }
    assertThat(directory.toFile().list()).containsExactly("c.json");
    try (CheckpointFile checkpoint = CheckpointFile.open(file)) {
      Checkpoint last = checkpoint.read();
      assertThat(last).isNotNull();
      assertThat(last.ended()).isTrue();
    }
  }

  @Test
  void whatBelongsToNoCheckpointIsCleared() throws Exception {
    Path file = directory.resolve("c.json");
    Path left = Files.createDirectories(directory.resolve("c.json.rows")).resolve("old.arrows");
    Files.writeString(left, "rows");
    try (CheckpointFile checkpoint = CheckpointFile.open(file)) {
      assertThat(checkpoint.read()).isNull();
      assertThat(left).doesNotExist();
    }
  }

  @Test
  void oneReplayHasIt() throws Exception {
    Path file = directory.resolve("c.json");
    try (CheckpointFile checkpoint = CheckpointFile.open(file)) {
      assertThat(checkpoint.rows()).isDirectory();
      assertThatThrownBy(() -> CheckpointFile.open(file))
          .isInstanceOf(ReplayException.class)
          .hasMessageContaining("another replay has it");
    }
  }

  @Test
  void whatIsNoCheckpointIsNamed() {
    for (String text :
        List.of("", "{}", "[1]", "{\"version\":2}", "{\"version\":1}", "{\"version\":1,\"id\"")) {
      assertThatThrownBy(() -> CheckpointJson.read(text.getBytes(StandardCharsets.UTF_8)))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("it ");
    }
  }
}
