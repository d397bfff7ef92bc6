package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.SluiceProcess.Ended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As a process that cannot start after it has logged its settings. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ServiceLogsTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"writer", "acceptor"})
  void areInTheFormatAndFromTheLevelThatTheSettingsSay(String service) throws Exception {
    assertThat(logged(service, "--log.format=json"))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("{") && line.contains("\"level\":\"INFO\""))
        .anyMatch(
            line ->
                line.contains("{}\"") && line.contains("\\nlog.format = json (--log.format)\\n"));
    assertThat(logged(service, "--log.level=error")).isEmpty();
  }

  private List<String> logged(String service, String setting) throws Exception {
    List<String> all = new ArrayList<>(SluiceProcess.freePorts());
    all.add("--data=" + directory.resolve(service));
    all.add("--warehouse=file:///dev/null");
    all.add("--otlp.tls.certificate=" + directory.resolve("none"));
    all.add("--otlp.tls.key=" + directory.resolve("none"));
    all.add(setting);
    List<String> words = SluiceProcess.words(service, all);
    words.replaceAll(word -> word.replace("command.args", service + ".args"));
    Ended ended = SluiceProcess.run(words, "");
    assertThat(ended.code()).as("%s", ended.errors()).isEqualTo(2);
    return ended.errors().stream().filter(line -> !line.startsWith(service + ": ")).toList();
  }
}
