package io.sluice.acceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AcceptorSettingsTest {

  private static AcceptorSettings read(String... flags) throws Exception {
    Settings settings = Settings.of(List.of(flags), Map.of(), Path.of("no-such-directory"));
    AcceptorSettings acceptor = AcceptorSettings.from(settings);
    settings.check();
    return acceptor;
  }

  @Test
  void requestMayHaveAQuarterOfTheMemoryAndNoMoreThanAGibibyte() throws Exception {
    assertThat(read().decode().columnBytes()).isEqualTo(512L << 20);
    assertThat(read("--acceptor.memory=64GiB").decode().columnBytes()).isEqualTo(1L << 30);
  }

  @Test
  void memoryHoldsTheColumnsOfTheLargestRequest() throws Exception {
    read("--acceptor.memory=512MiB");
    read("--acceptor.memory=8MiB", "--otlp.max-request-size=1MiB");
    assertThatThrownBy(() -> read("--acceptor.memory=511MiB"))
        .isInstanceOfSatisfying(
            InvalidSettingsException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "cannot use acceptor.memory: 511MiB"
                            + " (at least 512MiB, 8 times otlp.max-request-size)"));
  }

  @ParameterizedTest
  @CsvSource({
    "--otlp.grpc.max-connection-age=0s, (at least 1000ms)",
    "--otlp.http.patience=200000d, (at most 3650d)",
    "'--dedup.off-tenants=acme,Big Co', (ids of [a-z0-9_]; by commas)",
    "--forward.message-size=65MiB, (from 1KiB to 64MiB)"
  })
  void whatWouldFailLaterIsASentenceAtTheStart(String flag, String why) {
    assertThatThrownBy(() -> read(flag))
        .isInstanceOfSatisfying(
            InvalidSettingsException.class,
            e -> assertThat(e.problems()).anyMatch(problem -> problem.endsWith(why)));
  }
}
