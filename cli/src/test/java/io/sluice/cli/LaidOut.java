package io.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * The class path of commands and services as the build lays it out for the launcher: jars, DuckDB's
 * library beside its own, and an archive of the classes. Made once for all test processes of a
 * build, since each start without them takes twice the processor time.
 *
 * @param classPath without the tests' own classes
 * @param archive null: this JDK makes none
 */
record LaidOut(String classPath, @Nullable Path archive) {

  private static final Path ROOT = Path.of("target", "laid-out").toAbsolutePath();
  private static final String LIBRARY = "libduckdb_java.";

  private static @Nullable LaidOut here;

  /** This build's. The first that asks waits while it is made. */
  static synchronized LaidOut here() throws Exception {
    if (here == null) {
      Files.createDirectories(ROOT);
      try (FileChannel channel =
              FileChannel.open(
                  ROOT.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        assert held.isValid();
        here = make();
      }
    }
    return here;
  }

  private static LaidOut make() throws Exception {
    List<Path> entries = new ArrayList<>();
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String entry : all.split(File.pathSeparator)) {
      if (!Path.of(entry).endsWith("test-classes")) {
        entries.add(Path.of(entry));
      }
    }
    Path directory = ROOT.resolve(nameOf(entries));
    Path archive = directory.resolve("classes.jsa");
    boolean made = Files.exists(archive);
    if (!made) {
      clear();
      Files.createDirectories(directory);
    }
    List<String> jars = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      jars.add(jar(entries.get(i), directory, i, made).toString());
    }
    String classPath = String.join(File.pathSeparator, jars);
    if (!made) {
      archive(classPath, directory, archive);
    }
    return new LaidOut(classPath, Files.size(archive) == 0 ? null : archive);
  }

  /** Another for other classes, and for another JDK. */
  private static String nameOf(List<Path> entries) throws IOException {
    StringBuilder text = new StringBuilder(System.getProperty("java.vm.version"));
    text.append(System.getProperty("java.home"));
    for (Path entry : entries) {
      try (Stream<Path> files = Files.exists(entry) ? Files.walk(entry) : Stream.of()) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          text.append('\n').append(file);
          text.append(' ').append(Files.size(file));
          text.append(' ').append(Files.getLastModifiedTime(file));
        }
      }
    }
    return UUID.nameUUIDFromBytes(text.toString().getBytes(UTF_8)).toString();
  }

  private static void clear() throws IOException {
    try (Stream<Path> paths = Files.walk(ROOT)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(ROOT) && !path.equals(ROOT.resolve("lock"))) {
          Files.delete(path);
        }
      }
    }
  }

  private static Path jar(Path entry, Path directory, int number, boolean made) throws IOException {
    Path jar = directory.resolve(number + ".jar");
    if (Files.isDirectory(entry)) {
      if (!made) {
        jarOf(entry, jar);
      }
      return jar;
    }
    if (entry.getFileName().toString().startsWith("duckdb_jdbc")) {
      if (!made) {
        withoutLibraries(entry, jar);
      }
      return jar;
    }
    return entry;
  }

  /** Of a directory of classes. */
  static void jarOf(Path classes, Path jar) throws IOException {
    try (JarOutputStream to = create(jar);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        to.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, to);
      }
    }
  }

  private static void withoutLibraries(Path whole, Path jar) throws IOException {
    String system = System.getProperty("os.name").startsWith("Linux") ? "linux" : "macos";
    try (JarFile from = new JarFile(whole.toFile());
        JarOutputStream to = create(jar)) {
      Enumeration<JarEntry> entries = from.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        try (InputStream content = from.getInputStream(entry)) {
          if (!entry.getName().startsWith(LIBRARY)) {
            to.putNextEntry(new ZipEntry(entry.getName()));
            content.transferTo(to);
          } else if (entry.getName().toLowerCase(Locale.ROOT).contains(system)) {
            Files.copy(content, jar.resolveSibling(entry.getName()));
          }
        }
      }
    }
  }

  private static JarOutputStream create(Path jar) throws IOException {
    OutputStream out = Files.newOutputStream(jar);
    JarOutputStream to = new JarOutputStream(out);
    to.setLevel(Deflater.BEST_SPEED);
    return to;
  }

  /** It gets its name when it is whole. An empty one says that there is none. */
  private static void archive(String classPath, Path directory, Path archive) throws Exception {
    Path scratch = directory.resolve("scratch.jsa");
    List<String> words =
        SluiceProcess.java(
            "command", List.of("-XX:ArchiveClassesAtExit=" + scratch), classPath, Rehearsal.class);
    words.add(directory.resolve("data").toString());
    SluiceProcess.Ended ended = SluiceProcess.run(words, "");
    if (ended.code() != 0) {
      throw new AssertionError("the rehearsal ended so: " + ended);
    }
    if (!Files.exists(scratch)) {
      Files.createFile(scratch);
    }
    Files.move(scratch, archive, StandardCopyOption.ATOMIC_MOVE);
  }
}
