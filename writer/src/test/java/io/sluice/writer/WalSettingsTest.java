package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.Settings;
import io.sluice.wal.WalConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the settings make of a log on this Writer's disk. */
final class WalSettingsTest {

  @Test
  void allThatMayBeLiveMayBeKeptAsSpares(@TempDir Path data) {
    List<String> flags =
        List.of("--data=" + data, "--wal.segment-bytes=1MiB", "--wal.max-bytes=100MiB");
    WalConfig wal = WriterSettings.from(Settings.of(flags, Map.of(), data)).wal(0);
    assertThat(wal.maxSpares()).isEqualTo(100);
  }
}
