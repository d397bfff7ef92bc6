package io.sluice.bench.figures;

import io.sluice.bench.harness.LakeFlags;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadReport;
import io.sluice.lake.LakeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Half of the load that this machine takes, with tables in files and with tables elsewhere. */
final class StoreFigure implements Figure {

  private static final double HALF = 0.5;
  private static final double SAME = 0.98;
  private static final double SLOWER = 1.5;

  @Override
  public String name() {
    return "store";
  }

  @Override
  public boolean isFor(Effort effort) {
    return effort.lake() != null;
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    LakeConfig lake = effort.lake();
    if (lake == null) {
      throw new IOException("it needs tables elsewhere (--lake FILE)");
    }
    Path filesAt = Files.createDirectory(directory.resolve("files"));
    Path storeAt = Files.createDirectory(directory.resolve("store"));
    try (SluiceBox files = new SluiceBox(filesAt, List.of());
        SluiceBox store =
            new SluiceBox(
                storeAt,
                LakeFlags.of(lake, lake.s3().endpoint()),
                SluiceBox.Wiring.SHIPPED.on(lake))) {
      files.start();
      store.start();
      BoxLoad toFiles = new BoxLoad(files);
      BoxLoad toStore = new BoxLoad(store);
      double warmup = effort.endToEndWarmupSeconds();
      toStore.traces(0, warmup);
      double rate = toFiles.traces(0, warmup).recordsPerSecond() * HALF;
      List<Double> accepted = new ArrayList<>();
      List<Double> slower = new ArrayList<>();
      List<String> sides = new ArrayList<>();
      for (int i = 0; i < effort.endToEndRounds(); i++) {
        LoadReport there = toStore.traces(rate, effort.endToEndSeconds());
        LoadReport here = toFiles.traces(rate, effort.endToEndSeconds());
        accepted.add(there.recordsPerSecond() / here.recordsPerSecond());
        slower.add(there.latencies().millis(0.99) / here.latencies().millis(0.99));
        sides.add(
            String.format(
                Locale.ROOT,
                "%,.0f / %,.0f spans/s, %.1f / %.1f ms",
                there.recordsPerSecond(),
                here.recordsPerSecond(),
                there.latencies().millis(0.99),
                here.latencies().millis(0.99)));
      }
      files.stop();
      store.stop();
      String where = lake.warehouse() + ", all audited; store / files of each round: " + sides;
      return List.of(
          Ratio.atLeast(
              "accepted at half load, tables in a store / in files",
              Rounds.median(accepted),
              SAME,
              where),
          Ratio.atMost(
              "ack p99 at half load, tables in a store / in files",
              Rounds.median(slower),
              SLOWER,
              where));
    }
  }
}
