package io.sluice.schema.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivateDirectoryTest {

  @TempDir private Path directory;

  @Test
  void whatIsMadeIsForItsOwnerAlone() throws Exception {
    Path made = directory.resolve("a/b/c");
    PrivateDirectory.create(made);
    for (Path each = made; !each.equals(directory); each = each.getParent()) {
      assertThat(mode(each)).as("%s", each).isEqualTo("rwx------");
    }
  }

  @Test
  void whatIsThereKeepsItsMode() throws Exception {
    Path there = Files.createDirectory(directory.resolve("there"));
    set(there, "rwxrwxr-x");
    Path link = Files.createSymbolicLink(directory.resolve("link"), there);
    PrivateDirectory.create(there);
    PrivateDirectory.create(link);
    PrivateDirectory.create(link.resolve("new"));
    assertThat(mode(there)).isEqualTo("rwxrwxr-x");
    assertThat(mode(there.resolve("new"))).isEqualTo("rwx------");
  }

  @Test
  void whatOthersMayLookIntoIsSaidWithItsModeAndWhatToDo() throws Exception {
    for (Path above = directory.getParent(); above != null; above = above.getParent()) {
      assumeThat(mode(above)).as("%s is passed by others", above).endsWith("x");
    }
    Path data = Files.createDirectory(directory.resolve("data"));
    Path made = data.resolve("writer");
    PrivateDirectory.create(made);
    set(data, "rwxr-xr-x");
    assertThat(PrivateDirectory.openToOthers(data, made))
        .as("nobody else comes as far as here")
        .isEmpty();
    set(directory, "rwxr-xr-x");
    assertThat(PrivateDirectory.openToOthers(data, made))
        .hasValue(
            "everybody on this machine may read the data in %s: its mode is rwxr-xr-x (chmod 700 %s, unless others are to read the tables there)"
                .formatted(data, data));
    set(data, "rwxrwx---");
    assertThat(PrivateDirectory.openToOthers(data, made)).as("a group is meant").isEmpty();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void set(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }
}
