package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.SluiceProcess.Ended;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.schema.table.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A box that is copied while it runs. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HoldTest {

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private Path data;
  private Path copy;

  @BeforeEach
  void names() {
    data = directory.resolve("data");
    copy = directory.resolve("copy");
  }

  @Test
  void aCopyOfARunningBoxHasAllThatWasAckedBeforeExactlyOnce() throws Exception {
    List<String> ports = SluiceProcess.freePorts();
    try (OneBox box = OneBox.startOn(ports, data)) {
      load(box, "persisted");
      box.run("flush");
      load(box, "hot");
      Process coming = box.begin("load", "--rate=200", "--seconds=600");
      Held held = new Held(box, "10m");
      List<Long> before = snapshots();
      Process flush = box.begin("flush");
      load(box, "meanwhile");
      assertThat(audit(box, "meanwhile")).as("taken and read while it is held").contains(" 0 lost");
      assertThat(box.tried("maintain", "--yes").errors())
          .anyMatch(line -> line.contains("is held for a copy (run it again"));
      assertThat(box.run("status")).anyMatch(line -> line.contains("held    for a copy"));
      held.copy("cp -a '" + data + "'/catalog.db* '" + copy + "'");
      held.copy(
          String.join(
              " ",
              SluiceProcess.words(
                      "wal",
                      List.of("copy", data.resolve("writer") + "", copy.resolve("writer") + ""))
                  .stream()
                  .map(word -> "'" + word + "'")
                  .toList()));
      held.copy("cp -a '" + data.resolve("warehouse") + "' '" + copy + "'");
      assertThat(flush.isAlive()).as("it waits").isTrue();
      assertThat(snapshots()).as("nothing was committed").isEqualTo(before);
      assertThat(held.ended(0)).isZero();
      assertThat(flush.waitFor()).isZero();
      assertThat(snapshots()).isNotEqualTo(before);
      coming.destroyForcibly();
    } // SIGKILL to all of them
    Files.move(data, directory.resolve("lost"));
    Files.move(copy, data);
    try (OneBox box = OneBox.startOn(ports, data)) {
      assertThat(audit(box, "persisted", "hot")).contains(" 0 lost, 0 duplicated, 0 extra");
      box.run("flush");
      assertThat(audit(box, "persisted", "hot")).contains(" 0 lost, 0 duplicated, 0 extra");
    }
  }

  @Test
  void theExitCodeIsTheCommandsUnlessItWasNotHeldToItsEnd() throws Exception {
    try (OneBox box = OneBox.start(data)) {
      load(box, "acks");
      Held kept = new Held(box, "10m");
      Ended second = box.tried("hold", "--", "true");
      assertThat(second.code()).isEqualTo(HoldCommand.NOT_HELD);
      assertThat(second.errors()).anyMatch(line -> line.contains("held for another copy"));
      assertThat(kept.ended(3)).isEqualTo(3);

      Ended none = box.tried("hold", "--", directory.resolve("none").toString());
      assertThat(none.code()).isEqualTo(HoldCommand.NOT_STARTED);

      Held late = new Held(box, "2s");
      while (isHeld(box)) {
        LockSupport.parkNanos(10_000_000);
      }
      assertThat(late.ended(0)).isEqualTo(HoldCommand.BROKEN);
      assertThat(late.errors()).contains("its copy was not done", "the copy is of no use");

      Held stopped = new Held(box, "10m");
      assertThat(box.stop()).as("a stop persists as ever").isZero();
      assertThat(stopped.ended(0)).isEqualTo(HoldCommand.BROKEN);
      assertThat(stopped.errors()).contains("the copy is of no use");
    }
    assertThat(snapshots()).as("it was persisted").doesNotContainNull().isNotEmpty();
    try (OneBox box = OneBox.start(data)) {
      assertThat(audit(box, "acks")).contains(" 0 lost, 0 duplicated, 0 extra");
    }
  }

  /** A hold that is held: its command is a shell that does what it is told. */
  private final class Held {
    private final Process process;
    private final BufferedReader said;
    private final Path errors;

    Held(OneBox box, String longest) throws Exception {
      Files.createDirectories(copy);
      errors = Files.createTempFile(directory, "hold", ".err");
      List<String> arguments = new ArrayList<>(box.settings());
      arguments.addAll(List.of("--for=" + longest, "--", "sh", "-c"));
      arguments.add("echo held; while read line; do eval \"$line\" && echo done; done");
      process =
          new ProcessBuilder(SluiceProcess.words("hold", arguments))
              .redirectError(errors.toFile())
              .start();
      said = process.inputReader();
      assertThat(said.readLine()).as(() -> errors()).isEqualTo("held");
    }

    void copy(String line) throws IOException {
      process.outputWriter().append(line).append('\n').flush();
      String answer = said.readLine();
      while (answer != null && !answer.equals("done")) {
        answer = said.readLine();
      }
      assertThat(answer).as(line).isEqualTo("done");
    }

    int ended(int code) throws Exception {
      process.outputWriter().append("exit ").append(Integer.toString(code)).append('\n').flush();
      return process.waitFor();
    }

    String errors() {
      try {
        return Files.readString(errors);
      } catch (IOException e) {
        return e.toString();
      }
    }
  }

  private static boolean isHeld(OneBox box) throws Exception {
    URI status = URI.create(box.admin("writer.admin.port") + "/status");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(status).build(), BodyHandlers.ofString())
        .body()
        .contains("heldSeconds");
  }

  /** The current one of each table. */
  private List<Long> snapshots() throws Exception {
    List<Long> ids = new ArrayList<>();
    try (Lake lake =
        Lake.open(
            LakeConfig.of(
                "jdbc:sqlite:" + data.resolve("catalog.db"), "file://" + data.resolve("warehouse")),
            Clock.systemUTC())) {
      for (Table table : Table.all()) {
        TableIdentifier id = TableIdentifier.of("default", table.tableName());
        Snapshot snapshot =
            lake.catalog().tableExists(id) ? lake.catalog().loadTable(id).currentSnapshot() : null;
        ids.add(snapshot == null ? -1 : snapshot.snapshotId());
      }
    }
    return ids;
  }

  private void load(OneBox box, String acks) throws Exception {
    box.run("load", "--signal=all", "--requests=2", "--audit=" + directory.resolve(acks));
  }

  private String audit(OneBox box, String... acks) throws Exception {
    String[] files =
        Stream.of(acks).map(file -> directory.resolve(file).toString()).toArray(String[]::new);
    return String.join("\n", box.tried("audit", files).out());
  }
}
