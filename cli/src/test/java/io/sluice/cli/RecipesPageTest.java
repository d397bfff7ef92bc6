package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.KnownSettings;
import io.sluice.schema.service.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What can be said of recipes without running them. */
final class RecipesPageTest {

  private static final Path ROOT = Path.of("..");
  private static final Path FILES = ROOT.resolve("deploy/recipes");

  /** Of a block of code: its lines. */
  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```[a-z]*$(.*?)^ *```$");

  private static final Pattern FILE = Pattern.compile("deploy/recipes/[\\w./-]*\\w");
  private static final Pattern VARIABLE = Pattern.compile("SLUICE_[A-Z0-9_]+");

  @ParameterizedTest
  @ValueSource(strings = {"docs/recipes.md", "README.md"})
  void eachCommandParses(String page) throws Exception {
    List<String> commands =
        matches(BLOCK, text(page))
            .flatMap(block -> block.group(1).replace("\\\n", " ").lines())
            .filter(line -> line.contains("./sluice "))
            .map(line -> line.substring(line.indexOf("./sluice ")))
            .toList();
    assertThat(commands).isNotEmpty();
    commands.forEach(RecipesPageTest::parses);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs/recipes.md", "README.md"})
  void eachVariableIsASetting(String page) throws Exception {
    List<String> known = KnownSettings.keys().stream().map(Settings::environmentName).toList();
    assertThat(matches(VARIABLE, text(page)).map(MatchResult::group)).isSubsetOf(known);
  }

  @Test
  void eachFileThatThePageNamesIsThereAndEachFileIsNamed() throws Exception {
    List<String> named =
        matches(FILE, text("docs/recipes.md")).map(MatchResult::group).distinct().toList();
    assertThat(named).allSatisfy(file -> assertThat(ROOT.resolve(file)).exists());
    try (Stream<Path> files = Files.walk(FILES)) {
      assertThat(files.filter(Files::isRegularFile).map(ROOT::relativize).map(Path::toString))
          .allMatch(file -> named.stream().anyMatch(file::startsWith));
    }
  }

  @Test
  void eachYamlFileParses() throws Exception {
    try (Stream<Path> files = Files.walk(FILES)) {
      List<Path> found =
          files
              .filter(file -> file.toString().endsWith(".yaml"))
              .filter(file -> !file.toString().contains("node_modules"))
              .toList();
      assertThat(found).isNotEmpty();
      for (Path file : found) {
        Load load = new Load(LoadSettings.builder().setLabel(file.toString()).build());
        assertThat(load.loadFromString(Files.readString(file))).as("%s", file).isNotNull();
      }
    }
  }

  /** As far as a shell would give it to the command. */
  private static void parses(String line) {
    String words = line.replaceFirst("( [|<>#&]| &&|;).*$", "").strip();
    String[] arguments =
        Arrays.stream(words.split(" +(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"))
            .skip(1)
            .map(word -> word.replace("\"", ""))
            .toArray(String[]::new);
    assertThat(Main.commands(arguments).parseArgs(arguments).errors()).as(line).isEmpty();
  }

  private static Stream<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }

  private static String text(String page) throws IOException {
    return Files.readString(ROOT.resolve(page));
  }
}
