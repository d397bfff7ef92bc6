package io.sluice.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * Local files that survive a power cut: a file is forced, and so is every directory it is new in,
 * before its close returns. Without that, a catalog could point at metadata that is not there.
 */
public final class ForcingFileIO implements FileIO {

  private static final long serialVersionUID = 1L;

  @Override
  public InputFile newInputFile(String location) {
    return new LocalInputFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new ForcedOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    try {
      Files.deleteIfExists(LocalPath.of(location));
    } catch (IOException e) {
      throw new RuntimeIOException(e, "cannot delete file: %s", location);
    }
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }
}
