package io.sluice.writer.apply;

import java.io.IOException;

/** A file that is replaced as a whole: after a power cut it is the old one or the new one. */
final class ForcedFile {

  /** How the name of a file ends that is not done. */
  static final String TEMPORARY = ".new";

  @FunctionalInterface
  interface Content {
    void writeTo(Directory.Out out) throws IOException;
  }

  /**
   * Written to a temporary name, forced, renamed, directory forced. Whichever step fails, the old
   * file or the new one is there, whole; which of them is not known until a call succeeds.
   */
  static void replace(Directory directory, String name, Content content) throws IOException {
    String temporary = name + TEMPORARY;
    try (Directory.Out out = directory.create(temporary)) {
      content.writeTo(out);
      out.force();
    }
    directory.rename(temporary, name);
    directory.force();
  }

  private ForcedFile() {}
}
