package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher script, run by the real shell, with a Java and a Maven that only say what they get.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LauncherTest {

  private static final String TOOLS = "/usr/bin:/bin";

  @TempDir private Path directory;
  private Path home;
  private Path jdk;

  private record Said(int code, String text) {}

  @BeforeEach
  void layOutABuiltHome() throws Exception {
    home = Files.createDirectories(directory.resolve("home of sluice"));
    Files.copy(Path.of("..", "sluice"), home.resolve("sluice"));
    executable(home.resolve("sluice"), null);
    touch(home.resolve("pom.xml"), -100);
    touch(home.resolve("cli/pom.xml"), -100);
    touch(home.resolve("cli/src/main/java/Main.java"), -100);
    touch(home.resolve("cli/target/lib/sluice.jar"), 0);
    touch(home.resolve("cli/target/jvm/built"), -10);
    archive("17.0.15", -5);
    for (String module : new String[] {"cli/src/main/java", "cli/src/main", "cli/src"}) {
      touch(home.resolve(module), -100);
    }
    jdk = jdk("jdk", "17.0.15");
  }

  @Test
  void argumentsAreHandedToJavaFromAnyDirectoryAndThroughSymlinks() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), home.resolve("sluice"));
    Path second = Files.createSymbolicLink(directory.resolve("second"), Path.of("link"));
    Said said = run(second, Map.of("JAVA_HOME", jdk.toString()), "sql", "SELECT 'a b'");
    assertThat(link).exists();
    assertThat(said.text)
        .contains("[-cp][" + home.toRealPath() + "/cli/target/lib/sluice.jar]")
        .contains("/jvm/command.args]")
        .endsWith("[io.sluice.cli.Main][sql][SELECT 'a b']\n");
    assertThat(said.code).isEqualTo(7);
  }

  @Test
  void servicesGetTheirOwnFlagsAndNewerJdksTheirs() throws Exception {
    Path newer = jdk("jdk25", "25.0.3");
    Said said = run(home.resolve("sluice"), Map.of("JAVA_HOME", newer.toString()), "writer");
    assertThat(said.text).contains("/jvm/newer.args]").contains("/jvm/writer.args]");
    Said older = run(home.resolve("sluice"), Map.of("JAVA_HOME", jdk.toString()), "writer");
    assertThat(older.text).doesNotContain("newer.args");
  }

  /** Otherwise each service keeps half a GiB and more that it has freed. */
  @Test
  void servicesGetFewMallocArenasUnlessTheUserSaysHowMany() throws Exception {
    executable(jdk.resolve("bin/java"), "#!/bin/sh\necho \"arenas $MALLOC_ARENA_MAX\"\n");
    String own = jdk.toString();
    assertThat(run(home.resolve("sluice"), Map.of("JAVA_HOME", own), "up").text)
        .isEqualTo("arenas 2\n");
    assertThat(
            run(
                    home.resolve("sluice"),
                    Map.of("JAVA_HOME", own, "MALLOC_ARENA_MAX", "7"),
                    "acceptor")
                .text)
        .isEqualTo("arenas 7\n");
  }

  @Test
  void archiveOfTheBuildIsUsedByCommandsAndServices() throws Exception {
    String used = "[-XX:SharedArchiveFile=" + home.toRealPath();
    assertThat(run(home.resolve("sluice"), own(), "sql", "SELECT 1").text)
        .contains("/jvm/archive.args]")
        .contains(used + "/cli/target/jvm/classes-17.0.15.jsa]")
        .contains("[-Dsluice.archive=" + home.toRealPath());
    assertThat(run(home.resolve("sluice"), own(), "writer").text).contains(used);
  }

  @Test
  void archiveIsMadeOnceWhereThereIsNoneOfThisJdkOrBuild() throws Exception {
    archive("17.0.15", -50); // the build is newer
    List<Said> first = sideBySide(3, own(), "version");
    assertThat(first).allMatch(said -> said.code == 7);
    assertThat(first).anyMatch(said -> said.text.contains("preparing quick starts"));
    assertThat(home.resolve("cli/target/jvm/classes-17.0.15.jsa")).hasContent("classes");
    Said later = run(home.resolve("sluice"), own(), "version");
    assertThat(later.text).doesNotContain("preparing").contains("[-XX:SharedArchiveFile=");
    assertThat(home.resolve("cli/target")).isDirectoryNotContaining("glob:**/archive.*");
  }

  @Test
  void archiveThatWasNotFinishedIsTriedOnceAndNeverUsed() throws Exception {
    Files.delete(home.resolve("cli/target/jvm/classes-17.0.15.jsa"));
    executable(
        jdk.resolve("bin/java"),
        """
        #!/bin/sh
        for a; do
          case $a in -XX:ArchiveClassesAtExit=*) echo half >"${a#*=}"; kill -9 $$ ;; esac
        done
        for a; do printf '[%s]' "$a"; done; echo
        exit 7
        """);
    Said first = run(home.resolve("sluice"), own(), "version");
    Said later = run(home.resolve("sluice"), own(), "version");
    assertThat(first.code).isEqualTo(7);
    assertThat(first.text).contains("preparing quick starts");
    assertThat(later.text).doesNotContain("preparing").doesNotContain("SharedArchiveFile");
  }

  @Test
  void noArchiveIsMadeForAServiceInAnImageOrWhereNothingCanBeWritten() throws Exception {
    Files.delete(home.resolve("cli/target/jvm/classes-17.0.15.jsa"));
    Said service = run(home.resolve("sluice"), own(), "writer");
    Files.delete(home.resolve("pom.xml"));
    Said image = run(home.resolve("sluice"), own(), "version");
    for (Said said : List.of(service, image)) {
      assertThat(said.text).doesNotContain("preparing").doesNotContain("SharedArchiveFile");
      assertThat(said.code).isEqualTo(7);
    }
    assertThat(home.resolve("cli/target/jvm")).isDirectoryNotContaining("glob:**/*.jsa");
    assertThat(run(home.resolve("sluice"), own(), "prepare").code).isZero();
    assertThat(run(home.resolve("sluice"), own(), "writer").text)
        .contains("[-XX:SharedArchiveFile=");
  }

  /** What it rehearses writes: not to where the user's settings say. */
  @Test
  void settingsOfTheUserDoNotReachTheRehearsal() throws Exception {
    Map<String, String> environment = new HashMap<>(own());
    environment.put("SLUICE_WAREHOUSE", "s3://bucket/of-the-user");
    assertThat(run(home.resolve("sluice"), environment, "prepare").code).isZero();
    assertThat(home.resolve("cli/target/rehearsal-env"))
        .content()
        .contains("PATH=")
        .doesNotContain("SLUICE_");
  }

  @Test
  void olderJdkAndMissingJavaAreSaidInASentence() throws Exception {
    Path old = jdk("jdk11", "11.0.2");
    Said said = run(home.resolve("sluice"), Map.of("JAVA_HOME", old.toString()), "up");
    assertThat(said.code).isEqualTo(2);
    assertThat(said.text).contains("cannot run on Java 11.0.2").contains("JDK 17 or newer");
    Path veryOld = jdk("jdk8", "1.8.0_402");
    assertThat(run(home.resolve("sluice"), Map.of("JAVA_HOME", veryOld.toString()), "up").text)
        .contains("cannot run on Java 1.8.0_402");
    Said missing = run(home.resolve("sluice"), Map.of("JAVA_HOME", "/nowhere"), "up");
    assertThat(missing.code).isEqualTo(2);
    assertThat(missing.text).contains("JAVA_HOME is /nowhere");
  }

  @Test
  void newerSourcesAreBuiltFirst() throws Exception {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    executable(
        bin.resolve("mvn"),
        """
        #!/bin/sh
        echo "[INFO] Building cli 0.1.0 [9/9]"
        touch cli/target/jvm/built
        """);
    touch(home.resolve("cli/src/main/java/Main.java"), 100);
    Map<String, String> environment =
        Map.of("JAVA_HOME", jdk.toString(), "PATH", bin + ":" + TOOLS);
    Said said = run(home.resolve("sluice"), environment, "version");
    assertThat(said.text).contains("building with").contains("  cli 0.1.0 [9/9]");
    assertThat(said.code).isEqualTo(7);
    assertThat(home.resolve("target/sluice-build.lock")).doesNotExist();
    touch(home.resolve("cli/src/main/java/Main.java"), -100);
    assertThat(run(home.resolve("sluice"), environment, "version").text)
        .doesNotContain("building with");
  }

  @Test
  void missingMavenIsSaidInASentence() throws Exception {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    for (String tool : List.of("sed", "find", "dirname", "readlink", "cat", "mkdir", "rm")) {
      Path found = Path.of("/bin", tool);
      executable(
          bin.resolve(tool),
          "#!/bin/sh\nexec %s \"$@\"\n"
              .formatted(Files.exists(found) ? found : Path.of("/usr/bin", tool)));
    }
    Files.delete(home.resolve("cli/target/lib/sluice.jar"));
    Said said =
        run(
            home.resolve("sluice"),
            Map.of("JAVA_HOME", jdk.toString(), "PATH", bin.toString()),
            "version");
    assertThat(said.code).isEqualTo(2);
    assertThat(said.text)
        .isEqualTo("sluice: cannot build: no mvn in PATH (install Maven 3.8 or newer)\n");
  }

  @Test
  void ownDirectoryIsFoundWhateverCdpathSays() throws Exception {
    Files.createDirectories(directory.resolve("other/home of sluice"));
    Said said =
        run(
            Path.of("home of sluice/sluice"),
            Map.of(
                "JAVA_HOME",
                jdk.toString(),
                "CDPATH",
                directory.resolve("other") + ":" + directory),
            "version");
    assertThat(said.text).contains("[-cp][" + home.toRealPath() + "/cli/target/lib/sluice.jar]");
  }

  @Test
  void jdkBehindAShimIsAskedWhereItIs() throws Exception {
    Path shims = Files.createDirectories(directory.resolve("shims"));
    executable(
        shims.resolve("java"),
        """
        #!/bin/sh
        case $1 in
          -XshowSettings*) echo "Property settings:"; echo "    java.home = %s" ;;
          *) echo "shim" ;;
        esac
        """
            .formatted(jdk));
    Said said = run(home.resolve("sluice"), Map.of("PATH", shims + ":" + TOOLS), "version");
    assertThat(said.text).endsWith("[io.sluice.cli.Main][version]\n").doesNotContain("shim");
    assertThat(said.code).isEqualTo(7);
  }

  @Test
  void lockOfABuildThatDiedIsTakenOverByOneOfTwoWaiters() throws Exception {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    executable(
        bin.resolve("mvn"),
        """
        #!/bin/sh
        mkdir target/only-one || exit 1
        echo built >>target/builds
        touch cli/target/jvm/built cli/target/lib/sluice.jar
        rmdir target/only-one
        """);
    Files.delete(home.resolve("cli/target/lib/sluice.jar"));
    Process dead = new ProcessBuilder("/bin/sh", "-c", "exit 0").start();
    dead.waitFor();
    Path lock = Files.createDirectories(home.resolve("target/sluice-build.lock"));
    Files.writeString(lock.resolve("pid"), dead.pid() + "\n");
    Map<String, String> environment =
        Map.of("JAVA_HOME", jdk.toString(), "PATH", bin + ":" + TOOLS);
    assertThat(sideBySide(4, environment, "version")).allMatch(said -> said.code == 7);
    assertThat(home.resolve("target/builds")).hasContent("built");
    assertThat(home.resolve("target"))
        .isDirectoryNotContaining("glob:**/sluice-build.lock*")
        .isDirectoryNotContaining("glob:**/only-one");
  }

  @Test
  void failedBuildShowsMavensErrorsAndEnds() throws Exception {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    executable(bin.resolve("mvn"), "#!/bin/sh\necho '[ERROR] no such thing'\nexit 1\n");
    Files.delete(home.resolve("cli/target/lib/sluice.jar"));
    Said said =
        run(
            home.resolve("sluice"),
            Map.of("JAVA_HOME", jdk.toString(), "PATH", bin + ":" + TOOLS),
            "version");
    assertThat(said.code).isEqualTo(2);
    assertThat(said.text).contains("no such thing").contains("cannot build: Maven failed");
    assertThat(home.resolve("target/sluice-build.lock")).doesNotExist();
  }

  private Map<String, String> own() {
    return Map.of("JAVA_HOME", jdk.toString());
  }

  private void archive(String version, int secondsFromNow) throws Exception {
    Path archive = home.resolve("cli/target/jvm/classes-" + version + ".jsa");
    Files.writeString(archive, "of old");
    touch(archive, secondsFromNow);
  }

  private List<Said> sideBySide(int many, Map<String, String> environment, String command) {
    List<CompletableFuture<Said>> all = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      all.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return run(home.resolve("sluice"), environment, command);
                } catch (Exception e) {
                  throw new CompletionException(e);
                }
              }));
    }
    return all.stream().map(CompletableFuture::join).toList();
  }

  private Path jdk(String name, String version) throws Exception {
    Path jdk = directory.resolve(name);
    executable(
        jdk.resolve("bin/java"),
        """
        #!/bin/sh
        for a; do
          case $a in
            -XX:ArchiveClassesAtExit=*)
              echo classes >"${a#*=}"
              env >"$(dirname "$(dirname "${a#*=}")")/rehearsal-env"
              exit 0
              ;;
          esac
        done
        for a; do printf '[%s]' "$a"; done; echo
        exit 7
        """);
    executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return jdk;
  }

  private Said run(Path launcher, Map<String, String> environment, String... arguments)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", launcher.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().clear();
    builder.environment().put("PATH", TOOLS);
    builder.environment().putAll(environment);
    builder.directory(directory.toFile()).redirectErrorStream(true);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
  }

  private static void executable(Path file, String text) throws Exception {
    Files.createDirectories(file.getParent());
    if (text != null) {
      Files.writeString(file, text);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void touch(Path file, int secondsFromNow) throws Exception {
    Files.createDirectories(file.getParent());
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(secondsFromNow)));
  }
}
