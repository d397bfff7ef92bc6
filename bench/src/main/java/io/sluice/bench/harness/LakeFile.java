package io.sluice.bench.harness;

import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeSettings;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where tables are, read from a settings file alone: no environment may lead to others. */
public final class LakeFile {

  /**
   * @throws InvalidSettingsException it says what cannot be
   */
  public static LakeConfig read(Path file) throws InvalidSettingsException {
    Settings settings =
        Settings.of(List.of("--%s=%s".formatted(Settings.FILE_KEY, file)), Map.of(), Path.of("."));
    LakeConfig config = LakeSettings.from(settings, CommonSettings.from(settings));
    settings.check();
    return config;
  }

  private LakeFile() {}
}
