package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ServiceJvmTest {

  @Test
  void servicesMapTheArchiveThatTheirParentHasAndNoneIfItHasNone() {
    List<String> with = command(Path.of("kept.jsa"));
    assertThat(with).containsSubsequence("@jvm/archive.args", "-XX:SharedArchiveFile=kept.jsa");
    assertThat(with.indexOf("-XX:SharedArchiveFile=kept.jsa")).isLessThan(with.indexOf("-cp"));
    assertThat(command(null)).noneMatch(word -> word.contains("rchive"));
  }

  private static List<String> command(@Nullable Path archive) {
    return new ServiceJvm(Path.of("java"), Path.of("jvm"), archive, "sluice.jar")
        .command(Service.WRITER, List.of("--data=d"));
  }
}
