package io.sluice.schema.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

final class AccessSettingsTest {

  @TempDir private Path directory;

  private static final String CERTIFICATES = "--tls.certificate=c --tls.key=k --tls.ca=ca";

  private void require(String address, String flags) throws InvalidSettingsException {
    List<String> all = new ArrayList<>(List.of(flags.split(" ")));
    all.remove("");
    Settings settings = Settings.of(all, Map.of(), directory);
    TlsSettings tls = TlsSettings.from(settings);
    TlsFiles otlp = TlsSettings.otlp(settings, tls).orElse(null);
    AccessSettings access = AccessSettings.from(settings, directory);
    access.requireSafe(settings, BindAddress.parse(address), tls);
    access.requireSafe(settings, BindAddress.parse(address), otlp);
    settings.check();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "loopback | ''",
        "127.0.0.1 | ''",
        "127.0.0.1,::1 | ''",
        "* | --insecure=true",
        "* | --insecure",
        "* | --access.file=a " + CERTIFICATES,
        "192.0.2.7 | --otlp.tls.client-ca=ca --tls.client-certificates=true " + CERTIFICATES
      })
  void whatIsSafeStarts(String address, String flags) throws Exception {
    require(address, flags);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* | '' | plain, and all who reach it",
        "192.0.2.7 | '' | plain, and all who reach it",
        "127.0.0.1,192.0.2.7 | '' | plain, and all who reach it",
        "* | --access.file=a | plain, and tokens can be read on the way",
        "* | " + CERTIFICATES + " | all who reach it may do everything",
        "* | --otlp.tls.client-ca=ca " + CERTIFICATES + " | all who reach it may do everything",
        "* | --access.file=a --otlp.tls.certificate=c --otlp.tls.key=k | plain, and tokens can"
      })
  void whatIsNotRefusesToStartAndSaysWhatToDo(String address, String flags, String sentence) {
    assertThatThrownBy(() -> require(address, flags))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("cannot listen on " + address)
        .hasMessageContaining(sentence)
        .hasMessageContaining("SLUICE_INSECURE=true");
  }

  private AccessSettings settings(String... flags) {
    return AccessSettings.from(
        Settings.of(List.of(flags), Map.of(), directory), directory.resolve("data"));
  }

  @Test
  void theServicesTokenIsMadeOnceForItsOwnerAlone() throws Exception {
    AccessSettings access = settings("--access.file=a");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<String>> shown = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        shown.add(threads.submit(access::shownByService));
      }
      for (Future<String> each : shown) {
        assertThat(each.get()).hasSize(64).isEqualTo(shown.get(0).get());
      }
    } finally {
      threads.shutdown();
    }
    Path file = directory.resolve("data").resolve("service-token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(directory.resolve("data"))) {
      assertThat(files).containsExactly(file);
    }
    assertThat(access.shownByCommand()).isEqualTo(access.shownByService());
    assertThat(settings("--token=another-token-of-mine").shownByCommand())
        .isEqualTo("another-token-of-mine");
  }

  @Test
  void whereNoTokensAreAskedForNoneIsMadeOrShown() throws Exception {
    AccessSettings access = settings();
    assertThat(access.shownByService()).isNull();
    assertThat(access.shownByCommand()).isNull();
    assertThat(directory.resolve("data")).doesNotExist();
    assertThat(access.open().asksForTokens()).isFalse();
  }

  @Test
  void aSecretThatOthersMayReadIsSaidOnceWithItsMode() throws Exception {
    String text = "tokens: [{name: a, token: token-of-the-shop, tenant: t, scopes: [read]}]";
    Path tokens = Files.writeString(directory.resolve("access.yaml"), text);
    Path service = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
    Certificates.Pem pem = Certificates.make(directory, "own", "EC");
    List<Path> secrets = List.of(tokens, service, pem.key());
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(PrivateFile.class);
    logger.addAppender(log);
    log.start();
    try {
      for (String mode : List.of("rw-r-----", "rw-r--r--", "rw-r--r--")) {
        for (Path secret : secrets) {
          Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(mode));
        }
        settings("--access.file=" + tokens, "--service.token-file=" + service).open();
        Tls.read(pem.files());
        assertThat(log.list).hasSize(mode.equals("rw-r-----") ? 0 : 3);
      }
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .allMatch(said -> said.contains("its mode is rw-r--r-- (chmod 600 "))
        .anyMatch(said -> said.startsWith("access.file: ") && said.contains(tokens.toString()))
        .anyMatch(said -> said.startsWith("service.token-file: "))
        .anyMatch(said -> said.startsWith("tls.key: "));
  }

  @Test
  void aNamedTokenFileMustHoldOne() throws Exception {
    Path file = directory.resolve("token");
    AccessSettings access = settings("--service.token-file=" + file);
    assertThatThrownBy(access::shownByService)
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("cannot read service.token-file: " + file);
    Files.writeString(file, "short\n");
    assertThatThrownBy(access::shownByService)
        .hasMessageContaining("no token of at least 16")
        .hasMessageNotContaining("short\n");
    Files.writeString(file, "0123456789abcdef\n");
    assertThat(access.shownByService()).isEqualTo("0123456789abcdef");
  }
}
