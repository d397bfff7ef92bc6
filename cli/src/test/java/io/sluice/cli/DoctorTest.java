package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.s3server.FreePorts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DoctorTest {

  private static final List<String> PORTS =
      List.of(
          "otlp.grpc.port",
          "otlp.http.port",
          "flight.port",
          "acceptor.admin.port",
          "writer.admin.port");

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int run(String command, List<String> settings, String... more) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(settings);
    all.addAll(List.of(more));
    CommandLine commands = Main.commands(command);
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(errors, true));
    return commands.execute(all.toArray(new String[0]));
  }

  private List<String> freePorts() throws Exception {
    List<String> settings = new ArrayList<>();
    for (String port : PORTS) {
      settings.add("--%s=%d".formatted(port, FreePorts.one()));
    }
    return settings;
  }

  @Test
  void itLooksAtAllAndLeavesNothingBehind() throws Exception {
    Path data = directory.resolve("none/yet");
    assertThat(run("doctor", freePorts(), "--data=" + data)).isZero();
    assertThat(out.toString())
        .contains("processors", "memory", "open files", "disk space", "disk force", "clock")
        .contains("port ", "otlp.grpc.port: free")
        .contains("warehouse", "is not there yet: a Writer makes it", "catalog")
        .doesNotContain("fail");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aPortThatAnotherProcessHasFailsWithWhatToChange() throws Exception {
    List<String> settings = freePorts();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      settings.set(2, "--flight.port=" + taken.getLocalPort());
      assertThat(run("doctor", settings, "--data=" + directory)).isEqualTo(1);
      assertThat(out.toString().lines())
          .filteredOn(line -> line.startsWith("fail"))
          .singleElement()
          .asString()
          .contains("port " + taken.getLocalPort(), "choose another with --flight.port");
    }
  }

  @Test
  void aDamagedCatalogAndAWarehouseThatCannotBeUsedFail() throws Exception {
    Files.writeString(directory.resolve("catalog.db"), "this is no database, and long enough");
    Path warehouse = Files.createDirectory(directory.resolve("warehouse"));
    assertThat(run("doctor", freePorts(), "--data=" + directory, "--json")).isEqualTo(1);
    assertThat(out.toString())
        .startsWith("{\"v\":1,\"checks\":[{")
        .contains("{\"check\":\"catalog\",\"level\":\"fail\"")
        .contains("writes, reads, lists, deletes");
    assertThat(warehouse).isEmptyDirectory();
  }

  @Test
  void configTellsWhereEachValueIsFromAndNoSecrets() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("own.yaml"),
            "seal:\n  late: 7m\ns3:\n  access-key: me\n  secret-key: hidden\n");
    assertThat(run("config", List.of(), "--config=" + file, "--logs=3", "--changed")).isZero();
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .contains("seal.late = 7m (" + file + ")", "logs = 3 (--logs)")
        .contains("s3.secret-key = *** (" + file + ")");
    assertThat(out.toString()).doesNotContain("hidden").doesNotContain("(default)");
    out.getBuffer().setLength(0);
    Path empty = Files.writeString(directory.resolve("empty.yaml"), "{}");
    assertThat(run("config", List.of(), "--config=" + empty, "--changed")).isZero();
    assertThat(out.toString()).contains("all settings are as they are by default").hasLineCount(1);
    out.getBuffer().setLength(0);
    assertThat(run("config", List.of(), "--config=" + file, "--json")).isZero();
    assertThat(out.toString())
        .contains(
            "{\"key\":\"seal.late\",\"value\":\"7m\",\"source\":\"file\",\"origin\":\"" + file)
        .contains("{\"key\":\"seal.soon\",\"value\":\"60s\",\"source\":\"default\"")
        .doesNotContain("hidden");
  }

  @Test
  void configRefusesWhatTheServicesRefuse() throws Exception {
    Path file = Files.writeString(directory.resolve("own.yaml"), "seal.lat: 7m\nshards: x\n");
    assertThat(run("config", List.of(), "--config=" + file)).isEqualTo(2);
    assertThat(errors.toString())
        .contains("unknown key seal.lat in " + file + " (did you mean seal.late?)")
        .contains("cannot use setting shards")
        .doesNotContain("\tat ");
  }
}
