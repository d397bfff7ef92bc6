package io.sluice.lake;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;

/** A local file to read; its location stays as it was given, since Iceberg compares it. */
final class LocalInputFile implements InputFile {

  private final String location;
  private final Path path;

  LocalInputFile(String location) {
    this.location = location;
    this.path = LocalPath.of(location);
  }

  @Override
  public long getLength() {
    try {
      return Files.size(path);
    } catch (NoSuchFileException e) {
      throw new NotFoundException(e, "cannot find file: %s", location);
    } catch (IOException e) {
      throw new RuntimeIOException(e, "cannot read length of file: %s", location);
    }
  }

  @Override
  public SeekableInputStream newStream() {
    try {
      return new LocalInputStream(FileChannel.open(path, StandardOpenOption.READ));
    } catch (NoSuchFileException e) {
      throw new NotFoundException(e, "cannot find file: %s", location);
    } catch (IOException e) {
      throw new RuntimeIOException(e, "cannot open file: %s", location);
    }
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public boolean exists() {
    return Files.exists(path);
  }

  @Override
  public String toString() {
    return location;
  }
}
