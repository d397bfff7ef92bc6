package io.sluice.cli;

import io.sluice.schema.security.PrivateDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What a child prints: all of it into a file, warnings and errors on the terminal, too. The file is
 * cut at {@link #MAX_CHARS}, and one older file is kept. Used by the one thread that reads the
 * child.
 */
final class ChildLog implements AutoCloseable {

  static final long MAX_CHARS = 32L << 20;

  private final String name;
  private final Path file;
  private final PrintStream terminal;
  private final LogLines lines = new LogLines();
  private Writer out;
  private long chars;
  private boolean failed;

  private ChildLog(String name, Path file, PrintStream terminal, Writer out, long chars) {
    this.name = name;
    this.file = file;
    this.terminal = terminal;
    this.out = out;
    this.chars = chars;
  }

  static ChildLog open(String name, Path file, PrintStream terminal) throws IOException {
    PrivateDirectory.createParent(file);
    long size = Files.exists(file) ? Files.size(file) : 0;
    return new ChildLog(name, file, terminal, appendTo(file), size);
  }

  void line(String line) {
    if (lines.isShown(line)) {
      terminal.println(name + " | " + line);
    }
    if (failed) {
      return;
    }
    try {
      roll(line.length() + 1);
      out.write(line);
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      failed = true; // the child goes on; its file ends here
      terminal.println("cannot write log: %s (%s)".formatted(file, e.getMessage()));
    }
  }

  private void roll(int more) throws IOException {
    if (chars > 0 && chars + more > MAX_CHARS) {
      out.close();
      Path older = file.resolveSibling(file.getFileName() + ".1");
      Files.move(file, older, StandardCopyOption.REPLACE_EXISTING);
      out = appendTo(file);
      chars = 0;
    }
    chars += more;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private static Writer appendTo(Path file) throws IOException {
    return Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
