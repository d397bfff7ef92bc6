package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MetricsPageTest {

  @Test
  void pageSaysWhatTheServicesMayRegister() throws Exception {
    Path written = Path.of("target", "metrics.md");
    Files.writeString(written, MetricsPage.text());
    assertThat(Path.of("..", "docs", "metrics.md"))
        .as("copy cli/%s over it", written)
        .hasSameTextualContentAs(written);
  }
}
