package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Several Writers on one box, all of it real. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ClusterBoxTest {

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @Test
  void loadGoesToAllWritersAndIsReadWholeAndOneMoreWriterIsNotSlippedIn() throws Exception {
    List<String> ports = SluiceProcess.freePorts(4);
    Path data = directory.resolve("data");
    try (OneBox box = OneBox.startOn(ports, data, "--writers=3")) {
      Path acks = directory.resolve("acks");
      box.run("load", "--signal=all", "--requests=60", "--batch=20", "--audit=" + acks);
      String whole = "1200 acked, 0 lost, 0 duplicated, 0 extra";
      assertThat(box.run("audit", acks.toString())).contains(whole);
      assertThat(box.run("flush")).isNotEmpty();
      assertThat(box.run("audit", acks.toString())).contains(whole);
      assertThat(box.run("status"))
          .filteredOn(line -> line.startsWith("Writer "))
          .hasSize(3)
          .allMatch(line -> line.endsWith(": ready"));
      assertThat(box.stop()).isZero();
      assertThat(box.said()).noneMatch(line -> line.matches(".*(ERROR|WARN|Exception).*"));
    }
    List<String> other = new ArrayList<>(ports);
    other.addAll(List.of("--data=" + data, "--writers=4"));
    SluiceProcess.Ended refused = SluiceProcess.run("up", other);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.errors())
        .singleElement()
        .asString()
        .contains("it is of 3 Writers with 3 logs", "--writers=3 --replication-factor=1 --logs=3");
  }
}
