package io.sluice.bench.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/otlp.md: every line of the protocol's checklist has a test that exists, or a reason. */
class OtlpPageTest {

  private static final Path ROOT = Checkout.root();
  private static final Map<String, Integer> LINES =
      new TreeMap<>(Map.of("G", 26, "H", 26, "J", 14, "D", 16));
  private static final Pattern ROW =
      Pattern.compile("^\\| ([GHJD]\\d+) \\| (.+) \\| (.+) \\|$", Pattern.MULTILINE);
  private static final Pattern TEST = Pattern.compile("(\\w+Test)\\.(\\w+)");

  private static List<MatchResult> rows() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/otlp.md"));
    return ROW.matcher(page).results().collect(Collectors.toList());
  }

  @Test
  void everyLineIsThereOnce() throws Exception {
    List<String> expected =
        Stream.of("G", "H", "J", "D")
            .flatMap(
                letter ->
                    IntStream.rangeClosed(1, LINES.get(letter)).mapToObj(number -> letter + number))
            .collect(Collectors.toList());

    assertThat(rows()).extracting(row -> row.group(1)).containsExactlyElementsOf(expected);
  }

  @Test
  void everyLineHasATestOrAReason() throws Exception {
    assertThat(rows())
        .allSatisfy(row -> assertThat(row.group(3)).containsPattern(TEST + "|exception: \\w{3,}"));
  }

  @Test
  void everyTestExists() throws Exception {
    Map<String, String> sources = sources();
    List<String> missing = new ArrayList<>();
    for (MatchResult row : rows()) {
      Matcher tests = TEST.matcher(row.group(3));
      while (tests.find()) {
        String source = sources.getOrDefault(tests.group(1) + ".java", "");
        if (!source.contains("void " + tests.group(2) + "(")) {
          missing.add(row.group(1) + ": " + tests.group());
        }
      }
    }

    assertThat(missing).isEmpty();
  }

  private static Map<String, String> sources() throws IOException {
    try (Stream<Path> files = Files.find(ROOT, 16, (file, is) -> test(file))) {
      return files.collect(
          Collectors.toMap(
              file -> file.getFileName().toString(), OtlpPageTest::read, String::concat));
    }
  }

  private static boolean test(Path file) {
    String path = ROOT.relativize(file).toString().replace('\\', '/');
    return path.contains("src/test/java/") && path.endsWith("Test.java");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
