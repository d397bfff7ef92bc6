package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Settings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BannerTest {

  @TempDir private Path directory;

  @Test
  void linesToPasteNeedNoFlagsWhereAllIsAsUsual() {
    assertThat(line("./sluice sql", List.of(), Map.of()))
        .isEqualTo("./sluice sql \"SELECT service_name, count(*) FROM traces GROUP BY 1\"");
  }

  @Test
  void linesToPasteRepeatWhatVariablesAndTheSettingsFileMoved() throws Exception {
    Files.writeString(directory.resolve("sluice.yaml"), "catalog.uri: jdbc:sqlite:/c.db\n");
    Map<String, String> environment =
        Map.of("SLUICE_FLIGHT_PORT", "9000", "SLUICE_OTLP_GRPC_PORT", "9001");
    List<String> flags = List.of("--data=/a b");
    assertThat(line("./sluice sql", flags, environment))
        .startsWith(
            "./sluice sql '--data=/a b' --catalog.uri=jdbc:sqlite:/c.db --writers=127.0.0.1:9000 ");
    assertThat(line("./sluice load", flags, environment))
        .endsWith("--endpoint http://127.0.0.1:9001");
  }

  @Test
  void linesToPasteReachABoxThatListensElsewhere() {
    List<String> flags = List.of("--bind-address=::1");
    assertThat(line("./sluice sql", flags, Map.of()))
        .contains(" '--writers=[0:0:0:0:0:0:0:1]:8815' ");
    assertThat(line("./sluice load", flags, Map.of())).endsWith("http://[0:0:0:0:0:0:0:1]:4317");
  }

  @Test
  void linesToPasteSpeakTlsWhereThePortsDo() {
    Path certificate = directory.resolve("server.pem");
    assertThat(line("export", List.of(), Map.of(), certificate))
        .endsWith("https://127.0.0.1:4317 OTEL_EXPORTER_OTLP_CERTIFICATE=" + certificate);
    assertThat(line("  OTLP/HTTP", List.of(), Map.of(), certificate))
        .endsWith("https://127.0.0.1:4318");
  }

  private String line(String start, List<String> flags, Map<String, String> environment) {
    return line(start, flags, environment, null);
  }

  private String line(
      String start, List<String> flags, Map<String, String> environment, Path certificate) {
    CommonSettings settings = CommonSettings.from(Settings.of(flags, environment, directory));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    new Banner(settings, certificate).print(new PrintStream(printed, true, StandardCharsets.UTF_8));
    return printed
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(each -> each.startsWith(start))
        .findFirst()
        .orElseThrow();
  }
}
