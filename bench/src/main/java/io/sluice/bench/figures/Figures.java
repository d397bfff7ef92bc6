package io.sluice.bench.figures;

import io.sluice.bench.harness.LakeFile;
import io.sluice.schema.service.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prints the table of figures: {@code Figures [--quick] [--force] [--dir DIRECTORY] [--seconds N]
 * [--log-bytes N] [--commits N] [--lake FILE] [--picture FILE] [name ...]}, all of them if none is
 * named; the seconds are those of a round of whole services, the bytes those of the log that a
 * Writer is started on, the file settings (catalog.uri, warehouse, s3.*) of empty tables elsewhere,
 * the picture that of {@code flat}. Exit code 1 if one is not what it must be or cannot be
 * measured, 2 if nothing can be: an unknown name, or a directory that is not on a disk, unless
 * forced.
 */
public final class Figures {

  private static final List<Figure> ALL =
      List.of(
          new DecodeFigure(),
          new LogFigure(),
          new CopiesFigure(),
          new JournalFigure(),
          new PutFigure(),
          new ReceiveFigure(),
          new ZstdFigure(),
          new ParquetFigure(),
          new LogReplayFigure(),
          new StartFigure(),
          new CommandsFigure(),
          new EndToEndFigure(),
          new WholeFigure(),
          new CoresFigure(),
          new ProfileFigure(),
          new FreshFigure(),
          new HostileFigure(),
          new OverloadFigure(),
          new NeighboursFigure(),
          new TlsFigure(),
          new FlatFigure(),
          new OutageFigure(),
          new MovedFigure(),
          new CommitsFigure(),
          new FilesFigure(),
          new StoreFigure());

  private Figures() {}

  public static void main(String[] arguments) throws Exception {
    List<String> names = new ArrayList<>(Arrays.asList(arguments));
    Effort effort = names.remove("--quick") ? Effort.QUICK : Effort.FULL;
    boolean force = names.remove("--force");
    Path directory = Path.of(option(names, "--dir", System.getProperty("java.io.tmpdir")));
    String seconds = option(names, "--seconds", "");
    effort = seconds.isEmpty() ? effort : effort.lasting(Double.parseDouble(seconds));
    String log = option(names, "--log-bytes", "");
    effort = log.isEmpty() ? effort : effort.ofLog(ByteSize.parse(log).bytes());
    String commits = option(names, "--commits", "");
    effort = commits.isEmpty() ? effort : effort.ofCommits(Integer.parseInt(commits));
    String lake = option(names, "--lake", "");
    effort = lake.isEmpty() ? effort : effort.on(LakeFile.read(Path.of(lake)));
    String picture = option(names, "--picture", "");
    effort = picture.isEmpty() ? effort : effort.drawing(Path.of(picture));
    List<String> known = ALL.stream().map(Figure::name).toList();
    if (!known.containsAll(names)) {
      refuse("cannot measure: " + names + " (figures are " + known + ")");
    }
    try {
      MeasuredDirectory measured = MeasuredDirectory.of(directory);
      System.out.println("Measured in " + (force ? measured : measured.require("--force")) + "\n");
    } catch (IOException e) {
      refuse(String.valueOf(e.getMessage()));
    }
    System.out.println("| what | figure | asked | met | sides |\n|---|---|---|---|---|");
    boolean met = true;
    for (Figure figure : ALL) {
      if (names.isEmpty() ? figure.isFor(effort) : names.contains(figure.name())) {
        met &= print(figure, effort, directory);
      }
    }
    System.exit(met ? 0 : 1);
  }

  private static void refuse(String why) {
    System.err.println(why);
    System.exit(2);
  }

  /** What cannot be measured is not met, and does not keep the others from being measured. */
  private static boolean print(Figure figure, Effort effort, Path parent) throws IOException {
    Path directory = Files.createTempDirectory(parent, "sluice-" + figure.name());
    try {
      List<Ratio> ratios = figure.measure(effort, directory);
      ratios.forEach(ratio -> System.out.println(ratio.row()));
      return ratios.stream().allMatch(Ratio::met);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("cannot measure " + figure.name() + ": interrupted", e);
    } catch (Exception | AssertionError e) {
      e.printStackTrace();
      String why = e.toString().lines().findFirst().orElse("");
      System.out.printf("| %s | - | - | NO | cannot be measured: %s |%n", figure.name(), why);
      return false;
    } finally {
      Directories.delete(directory);
    }
  }

  private static String option(List<String> arguments, String name, String fallback) {
    int flag = arguments.indexOf(name);
    if (flag < 0 || flag + 1 == arguments.size()) {
      return fallback;
    }
    String value = arguments.remove(flag + 1);
    arguments.remove(flag);
    return value;
  }
}
