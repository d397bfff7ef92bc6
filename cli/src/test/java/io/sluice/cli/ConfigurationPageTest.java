package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {

  @Test
  void pageSaysWhatTheServicesDeclare() throws Exception {
    Path written = Path.of("target", "configuration.md");
    Files.writeString(written, ConfigurationPage.text());
    assertThat(Path.of("..", "docs", "configuration.md"))
        .as("copy cli/%s over it", written)
        .hasSameTextualContentAs(written);
  }
}
