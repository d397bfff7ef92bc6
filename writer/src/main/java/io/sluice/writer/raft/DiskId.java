package io.sluice.writer.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which disk this is, and of which groups it is a member: a group's directory that is gone means
 * votes and acknowledgements that are forgotten. Groups that it has left stay known: to begin in
 * one of them as if it had never been there would forget just these.
 *
 * <pre>
 * sluice-disk 1 DISK-ID
 * GROUP-ID                one line each
 * left GROUP-ID           one line each
 * </pre>
 */
public final class DiskId {

  private static final String NAME = "disk-id";
  private static final Pattern GROUP =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
  private static final String FORM = "sluice-disk 1 ";
  private static final String LEFT = "left ";

  private final Path directory;
  private final UUID id;
  private final Set<UUID> groups;
  private final Set<UUID> left;

  private DiskId(Path directory, UUID id, Set<UUID> groups, Set<UUID> left) {
    this.directory = directory;
    this.id = id;
    this.groups = groups;
    this.left = left;
  }

  /**
   * Reads it, or makes one for an empty directory; what is left of groups that it left is deleted.
   *
   * @param directory of the Raft groups; made if it is not there
   * @throws IOException it cannot be read or written, or groups' directories are gone
   */
  public static DiskId of(Path directory) throws IOException {
    Files.createDirectories(directory);
    Set<UUID> there = groups(directory);
    Path file = directory.resolve(NAME);
    if (!Files.exists(file)) {
      if (!there.isEmpty()) {
        throw new IOException(
            "cannot start: %s has logs and no %s (put that file back, or empty the directory: then this Writer takes its place as a new disk)"
                .formatted(directory, NAME));
      }
      DiskId made = new DiskId(directory, UUID.randomUUID(), there, new TreeSet<>());
      made.write();
      return made;
    }
    DiskId known = read(directory, file);
    for (UUID group : known.groups) {
      if (!there.contains(group)) {
        throw new IOException(
            "cannot start: this disk had log %d, and %s is gone (put it back, or empty %s: then this Writer takes its place as a new disk)"
                .formatted(LogNumber.of(group), directory.resolve(group.toString()), directory));
      }
    }
    for (UUID group : known.left) {
      if (there.remove(group)) {
        delete(directory.resolve(group.toString()));
      }
    }
    known.groups.addAll(there);
    return known;
  }

  /**
   * The groups that have a directory here. What else is here is not Sluice's: a file system's
   * lost+found, say.
   */
  static Set<UUID> groups(Path directory) throws IOException {
    Set<UUID> there = new TreeSet<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory)) {
      for (Path path : paths) {
        String name = String.valueOf(path.getFileName());
        if (GROUP.matcher(name).matches() && Files.isDirectory(path)) {
          there.add(UUID.fromString(name));
        }
      }
    }
    return there;
  }

  private static DiskId read(Path directory, Path file) throws IOException {
    String[] lines = Files.readString(file).split("\n", -1);
    try {
      if (!lines[0].startsWith(FORM)) {
        throw new IllegalArgumentException(lines[0]);
      }
      Set<UUID> groups = new TreeSet<>();
      Set<UUID> left = new TreeSet<>();
      for (int i = 1; i < lines.length; i++) {
        if (lines[i].startsWith(LEFT)) {
          left.add(UUID.fromString(lines[i].substring(LEFT.length())));
        } else if (!lines[i].isEmpty()) {
          groups.add(UUID.fromString(lines[i]));
        }
      }
      UUID id = UUID.fromString(lines[0].substring(FORM.length()));
      return new DiskId(directory, id, groups, left);
    } catch (IllegalArgumentException e) {
      throw new IOException("cannot start: %s is no disk id: %s".formatted(file, lines[0]), e);
    }
  }

  public UUID id() {
    return id;
  }

  /** Of the Raft groups. */
  public Path directory() {
    return directory;
  }

  /** Groups that it was in, and has nothing of any more. */
  public synchronized Set<UUID> left() {
    return Set.copyOf(left);
  }

  /** The disk has begun in the group, whose directory is there. */
  synchronized void has(UUID group) throws IOException {
    boolean isNew = groups.add(group);
    boolean wasLeft = left.remove(group);
    if (isNew || wasLeft) {
      write();
    }
  }

  /** It is a member no longer: the group's directory goes. */
  synchronized void leaves(UUID group) throws IOException {
    groups.remove(group);
    left.add(group);
    write(); // first: what is half deleted is no log
    delete(directory.resolve(group.toString()));
  }

  private static void delete(Path group) throws IOException {
    if (Files.exists(group)) {
      try (Stream<Path> all = Files.walk(group)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  private void write() throws IOException {
    StringBuilder text = new StringBuilder(FORM).append(id).append('\n');
    groups.forEach(group -> text.append(group).append('\n'));
    left.forEach(group -> text.append(LEFT).append(group).append('\n'));
    Path temporary = directory.resolve(NAME + ".part");
    try (FileChannel out =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(temporary, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel forced = FileChannel.open(directory, StandardOpenOption.READ)) {
      forced.force(true);
    }
  }
}
