package io.sluice.schema.security;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a file found. Two looks that are equal found a file that nobody wrote in between,
 * as far as its time and every character of it tell; of one that is being written they differ.
 *
 * @param modified when it was last written; null: there is no file to look at
 */
record FileLook(@Nullable FileTime modified, String text) {

  /** Where no file is named. */
  static final FileLook NONE = new FileLook(null, "");

  static FileLook at(Path file, Charset charset) throws IOException {
    FileTime modified = Files.getLastModifiedTime(file); // before: what is written now is later
    return new FileLook(modified, Files.readString(file, charset));
  }

  /** Nothing of the text, which may be a secret. */
  @Override
  public String toString() {
    return "file of " + modified;
  }
}
