package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.PortInUseException;
import io.sluice.schema.service.Settings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BoxTest {

  @TempDir private Path directory;

  @Test
  void busyPortIsNamedWithTheSettingThatMovesIt() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      CommonSettings settings = settings("--otlp.http.port=" + busy.getLocalPort());
      assertThatThrownBy(() -> Box.check(settings))
          .isInstanceOf(PortInUseException.class)
          .hasMessageContaining(Integer.toString(busy.getLocalPort()))
          .hasMessageContaining("--otlp.http.port or SLUICE_OTLP_HTTP_PORT");
    }
  }

  @Test
  void freePortsAndAWritableDirectoryPassAndTheDirectoryIsMade() throws Exception {
    CommonSettings settings = settings("--data=" + directory.resolve("new/data"));
    ChildSpec writer = Box.check(settings).child(Service.WRITER, List.of("java"));
    assertThat(directory.resolve("new/data")).isEmptyDirectory();
    assertThat(writer.readyz().toString())
        .isEqualTo("http://127.0.0.1:" + settings.writerAdminPort() + "/readyz");
  }

  @Test
  void samePortTwiceAndADirectoryThatIsAFileAreSaidTogether() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    CommonSettings settings =
        settings("--data=" + file, "--flight.port=5000", "--otlp.grpc.port=5000");
    assertThatThrownBy(() -> Box.check(settings))
        .isInstanceOfSatisfying(
            InvalidSettingsException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "cannot use port 5000 twice: otlp.grpc.port and flight.port",
                        "cannot write to data directory: %s (it is a file; choose another with --data)"
                            .formatted(file)));
  }

  /** Free ports, unless flags say otherwise. */
  private CommonSettings settings(String... flags) throws Exception {
    List<String> all = new ArrayList<>(List.of(flags));
    for (String key :
        List.of(
            CommonSettings.OTLP_GRPC_PORT,
            CommonSettings.OTLP_HTTP_PORT,
            CommonSettings.FLIGHT_PORT,
            CommonSettings.ACCEPTOR_ADMIN_PORT,
            CommonSettings.WRITER_ADMIN_PORT)) {
      if (all.stream().noneMatch(flag -> flag.startsWith("--" + key + "="))) {
        try (ServerSocket socket = new ServerSocket(0)) {
          all.add("--" + key + "=" + socket.getLocalPort());
        }
      }
    }
    if (all.stream().noneMatch(flag -> flag.startsWith("--data="))) {
      all.add("--data=" + directory);
    }
    return CommonSettings.from(Settings.of(all, Map.of(), directory));
  }
}
