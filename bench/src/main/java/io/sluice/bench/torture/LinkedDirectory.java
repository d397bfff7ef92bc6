package io.sluice.bench.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The directory of the tables' files, behind a symbolic link that can lead nowhere: the change is
 * atomic both ways, so that nobody can make a new, empty warehouse in between.
 */
final class LinkedDirectory implements Warehouse {

  private final Path link;
  private final Path directory;
  private final Path file;

  /** Makes it in a data directory that is there. */
  LinkedDirectory(Path data) throws IOException {
    this.link = data.resolve("warehouse");
    this.directory = Files.createDirectory(data.resolve("warehouse-files"));
    this.file = Files.createFile(data.resolve("no-warehouse"));
    Files.createSymbolicLink(link, directory);
  }

  @Override
  public void gone(Fault.Lasting lasting) throws IOException, InterruptedException {
    pointTo(file);
    try {
      lasting.pass();
    } finally {
      pointTo(directory);
    }
  }

  private void pointTo(Path target) throws IOException {
    Path next = link.resolveSibling("warehouse-next");
    Files.deleteIfExists(next);
    Files.createSymbolicLink(next, target);
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
  }
}
