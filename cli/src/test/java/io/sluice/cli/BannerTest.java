package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.security.TlsFiles;
import io.sluice.schema.security.TlsSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import io.sluice.writer.WriterSettings;
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
    List<String> flags = List.of("--otlp.tls.certificate=" + certificate, "--otlp.tls.key=key");
    assertThat(line("export", flags, Map.of()))
        .endsWith("https://127.0.0.1:4317 OTEL_EXPORTER_OTLP_CERTIFICATE=" + certificate);
    assertThat(line("  OTLP/HTTP", flags, Map.of())).endsWith("https://127.0.0.1:4318");
    assertThat(line("  Flight", flags, Map.of())).endsWith("grpc://127.0.0.1:8815");
  }

  @Test
  void linesToPasteKnowTheCertificateOfAllPorts() {
    List<String> flags = List.of("--tls.certificate=c.pem", "--tls.key=k.pem", "--tls.ca=ca.pem");
    assertThat(line("export", flags, Map.of()))
        .contains("https://127.0.0.1:4317 OTEL_EXPORTER_OTLP_CERTIFICATE=/")
        .endsWith("/ca.pem");
    assertThat(line("  Flight", flags, Map.of())).endsWith("grpc+tls://127.0.0.1:8815");
    assertThat(line("  admin", flags, Map.of()))
        .contains("https://127.0.0.1:4319 (acceptor), https://127.0.0.1:4320 (writer)");
    assertThat(line("./sluice sql", flags, Map.of()))
        .matches(
            "./sluice sql --tls.certificate=/.*/c.pem --tls.key=/.*/k.pem --tls.ca=/.*/ca.pem \".*");
  }

  @Test
  void exportersAreToldThatATokenIsAskedFor() {
    assertThat(line("# tokens", List.of("--access.file=access.yaml"), Map.of()))
        .contains("OTEL_EXPORTER_OTLP_HEADERS=\"authorization=Bearer TOKEN\"");
  }

  private String line(String start, List<String> flags, Map<String, String> environment) {
    try {
      CountedWriters counted = CountedWriters.of(flags, environment, directory);
      Settings given = Settings.of(counted.flags(), environment, directory);
      WriterSettings settings = WriterSettings.from(given);
      TlsFiles otlp = TlsSettings.otlp(given, settings.tls()).orElse(null);
      List<BoxWriter> writers = BoxWriter.of(settings, counted, environment, directory);
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      new Banner(settings.common(), writers, settings.tls(), otlp, settings.access().file() != null)
          .print(new PrintStream(printed, true, StandardCharsets.UTF_8));
      return printed
          .toString(StandardCharsets.UTF_8)
          .lines()
          .filter(each -> each.startsWith(start))
          .findFirst()
          .orElseThrow();
    } catch (InvalidSettingsException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void severalWritersAreSaidEachAndByTheirNumberInLinesToPaste() {
    List<String> flags = List.of("--writers=3", "--replication-factor=3", "--flight.port=9000");
    assertThat(line("  Flight", flags, Map.of()))
        .endsWith("grpc://127.0.0.1:9000 grpc://127.0.0.1:9010 grpc://127.0.0.1:9020");
    assertThat(line("  cluster", flags, Map.of()))
        .endsWith("3 Writers, 3 logs; a record is acked once two Writers have it");
    assertThat(line("./sluice sql", flags, Map.of()))
        .startsWith("./sluice sql --flight.port=9000 --writers=3 ");
  }
}
