package io.sluice.bench.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The patches that {@code .ci/planted-bugs} plants still fit the code. */
class PlantedBugsTest {

  private static final String FILE = "--- a/";
  private static final String HUNK = "@@ -";

  static List<Path> patches() throws IOException {
    try (Stream<Path> all = Files.list(Checkout.root().resolve(".ci/planted"))) {
      return all.sorted().toList();
    }
  }

  @Test
  void everyPatchIsLookedAt() throws IOException {
    assertThat(patches()).hasSizeGreaterThanOrEqualTo(5);
    assertThat(patches()).allMatch(patch -> patch.toString().endsWith(".patch"));
  }

  @ParameterizedTest
  @MethodSource("patches")
  void patchFits(Path patch) throws IOException {
    assertThat(misfits(Files.readAllLines(patch), Checkout.root())).as("%s", patch).isEmpty();
  }

  @Test
  void hunkWhoseLinesAreOthersOrComeInAnotherOrderIsNamed() throws IOException {
    for (Path patch : patches()) {
      List<String> lines = Files.readAllLines(patch);
      List<String> changed = new ArrayList<>(lines);
      int removed = firstRemoved(lines);
      changed.set(removed, lines.get(removed) + " ");
      assertThat(misfits(changed, Checkout.root())).as("%s, changed", patch).hasSize(1);
      List<String> swapped = new ArrayList<>(lines);
      Collections.swap(swapped, removed, removed - 1);
      assertThat(misfits(swapped, Checkout.root())).as("%s, swapped", patch).hasSize(1);
    }
  }

  /** Of a file or, where it only adds, of what is around. */
  private static int firstRemoved(List<String> patch) {
    int first = 0;
    while (!patch.get(first).startsWith(HUNK)) {
      first++;
    }
    for (int i = first; i < patch.size(); i++) {
      if (patch.get(i).startsWith("-")) {
        return i;
      }
    }
    return first + 2;
  }

  /** The hunks whose lines are not in their file, one after the other and behind those before. */
  private static List<String> misfits(List<String> patch, Path root) throws IOException {
    List<String> misfits = new ArrayList<>();
    List<String> file = List.of();
    int from = 0;
    for (int i = 0; i < patch.size(); i++) {
      String line = patch.get(i);
      if (line.startsWith(FILE)) {
        file = Files.readAllLines(root.resolve(line.substring(FILE.length())));
        from = 0;
      } else if (line.startsWith(HUNK)) {
        List<String> before = before(patch, i + 1);
        int at = Collections.indexOfSubList(file.subList(from, file.size()), before);
        if (at < 0) {
          misfits.add(line + "\n" + String.join("\n", before));
        } else {
          from += at + before.size();
        }
      }
    }
    assertThat(file).as("a file that it changes").isNotEmpty();
    return misfits;
  }

  /** What a hunk has of the file as it is: what stays, and what goes. */
  private static List<String> before(List<String> patch, int from) {
    List<String> before = new ArrayList<>();
    for (int i = from; i < patch.size() && isOfHunk(patch.get(i)); i++) {
      if (!patch.get(i).startsWith("+")) {
        before.add(patch.get(i).substring(Math.min(1, patch.get(i).length())));
      }
    }
    return before;
  }

  private static boolean isOfHunk(String line) {
    return !line.startsWith(HUNK) && !line.startsWith("diff ") && !line.startsWith("\\");
  }
}
