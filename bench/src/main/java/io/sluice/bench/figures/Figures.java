package io.sluice.bench.figures;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prints the table of figures: {@code Figures [--quick] [--dir DIRECTORY] [name ...]}, all of them
 * if none is named. Exit code 1 if one is not what it must be.
 */
public final class Figures {

  private static final List<Figure> ALL =
      List.of(
          new DecodeFigure(),
          new LogFigure(),
          new JournalFigure(),
          new PutFigure(),
          new ParquetFigure(),
          new ReplayFigure(),
          new EndToEndFigure());

  private Figures() {}

  public static void main(String[] arguments) throws Exception {
    List<String> names = new ArrayList<>(Arrays.asList(arguments));
    Effort effort = names.remove("--quick") ? Effort.QUICK : Effort.FULL;
    Path directory = directory(names);
    List<String> known = ALL.stream().map(Figure::name).toList();
    if (!known.containsAll(names)) {
      System.err.println("cannot measure: " + names + " (figures are " + known + ")");
      System.exit(2);
    }
    System.out.println("| what | figure | asked | met | sides |\n|---|---|---|---|---|");
    boolean met = true;
    for (Figure figure : ALL) {
      if (names.isEmpty() || names.contains(figure.name())) {
        met &= print(figure, effort, directory);
      }
    }
    System.exit(met ? 0 : 1);
  }

  private static boolean print(Figure figure, Effort effort, Path parent) throws Exception {
    Path directory = Files.createTempDirectory(parent, "sluice-" + figure.name());
    try {
      List<Ratio> ratios = figure.measure(effort, directory);
      ratios.forEach(ratio -> System.out.println(ratio.row()));
      return ratios.stream().allMatch(Ratio::met);
    } finally {
      Directories.delete(directory);
    }
  }

  private static Path directory(List<String> arguments) {
    int flag = arguments.indexOf("--dir");
    if (flag < 0 || flag + 1 == arguments.size()) {
      return Path.of(System.getProperty("java.io.tmpdir"));
    }
    Path directory = Path.of(arguments.remove(flag + 1));
    arguments.remove(flag);
    return directory;
  }
}
