package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.SluiceProcess.Ended;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The archive that the launcher has made, by real JVMs. Made of jars: of directories none is. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ArchiveTest {

  private static final String FROM_ARCHIVE = "source: shared objects file (top)";

  @TempDir private static Path directory;
  private static String classPath;
  private static Path ownJar;
  private static Path archive;

  @BeforeAll
  static void rehearse() throws Exception {
    List<String> jars = new ArrayList<>();
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String entry : all.split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        Path jar = directory.resolve(jars.size() + ".jar");
        LaidOut.jarOf(path, jar);
        ownJar = Files.exists(path.resolve("io/sluice/cli/Main.class")) ? jar : ownJar;
        path = jar;
      }
      jars.add(path.toString());
    }
    classPath = String.join(File.pathSeparator, jars);
    archive = directory.resolve("classes.jsa");
    Path data = directory.resolve("data");
    List<String> words =
        java("command", List.of("-XX:ArchiveClassesAtExit=" + archive), Rehearsal.class);
    words.add(data.toString());
    Ended ended = SluiceProcess.run(words, "");
    assertThat(ended.code()).as("%s", ended).isZero();
    assertThat(archive).isNotEmptyFile();
  }

  @Test
  void commandsAndServicesLoadTheirClassesFromTheArchive() throws Exception {
    assertThat(loads("command", "io.sluice.cli.Main", "status", "--writers=127.0.0.1:1"))
        .anyMatch(line -> line.contains("io.sluice.cli.StatusCommand " + FROM_ARCHIVE))
        .anyMatch(line -> line.contains("io.grpc.internal.ManagedChannelImpl " + FROM_ARCHIVE))
        .anyMatch(line -> line.contains("io.sluice.query.Writers " + FROM_ARCHIVE));
    for (String service : List.of("writer", "acceptor")) {
      String main = "io.sluice." + service + ".Main";
      assertThat(loads(service, main, "--data=" + directory.resolve("a?b")))
          .anyMatch(line -> line.contains(main + " " + FROM_ARCHIVE))
          .anyMatch(line -> line.contains("io.sluice.schema.service.Settings " + FROM_ARCHIVE));
    }
  }

  @Test
  void archiveThatIsMissingBrokenOrOfAnotherBuildIsNoNews() throws Exception {
    Ended without = version("command", List.of());
    assertThat(without.out()).singleElement().asString().startsWith("Sluice ");
    Path broken = Files.write(directory.resolve("broken.jsa"), new byte[70_000]);
    for (Path each : List.of(directory.resolve("missing.jsa"), broken)) {
      assertSameAs(without, each);
    }
    FileTime built = Files.getLastModifiedTime(ownJar);
    Files.setLastModifiedTime(ownJar, FileTime.from(Instant.now().plusSeconds(60)));
    try {
      assertSameAs(without, archive);
      assertThat(loads("command", "io.sluice.cli.Main", "version"))
          .noneMatch(line -> line.contains("io.sluice.cli.Main " + FROM_ARCHIVE));
    } finally {
      Files.setLastModifiedTime(ownJar, built);
    }
  }

  private static void assertSameAs(Ended without, Path archive) throws Exception {
    for (String kind : List.of("command", "writer", "load")) {
      assertThat(version(kind, SluiceProcess.archived(archive)))
          .as("%s with %s", kind, archive)
          .isEqualTo(without);
    }
  }

  private static Ended version(String kind, List<String> more) throws Exception {
    List<String> words = java(kind, more, Main.class);
    words.add("version");
    return SluiceProcess.run(words, "");
  }

  /** The JVM's lines of where each class came from. */
  private static List<String> loads(String kind, String main, String... arguments)
      throws Exception {
    Path log = directory.resolve("loads");
    List<String> more = new ArrayList<>(SluiceProcess.archived(archive));
    more.add("-Xlog:class+load:file=" + log);
    List<String> words = java(kind, more, Class.forName(main));
    words.addAll(List.of(arguments));
    SluiceProcess.run(words, "");
    return Files.readAllLines(log);
  }

  private static List<String> java(String kind, List<String> more, Class<?> main) {
    return SluiceProcess.java(kind, more, classPath, main);
  }
}
