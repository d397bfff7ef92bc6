package io.sluice.bench.figures;

import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a byte of DoPut costs the Writer's intake in CPU, against plain gRPC. */
final class PutFigure implements Figure {

  /** Make a message of about 1 MiB. */
  private static final int SPANS = 1_750;

  @Override
  public String name() {
    return "put";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    byte[] message = PutMessages.spans(SPANS);
    try (PutClient put =
            PutClient.open("put", PutServer.PUT, PutMessages.opening(Table.TRACES), message);
        PutClient raw = PutClient.open("raw", PutServer.RAW, null, message)) {
      put.cpuNanosPerByte(effort.warmupSeconds());
      raw.cpuNanosPerByte(effort.warmupSeconds());
      Rounds rounds = new Rounds();
      for (int i = 0; i < effort.rounds(); i++) {
        rounds.add(put.cpuNanosPerByte(effort.seconds()), raw.cpuNanosPerByte(effort.seconds()));
      }
      return List.of(
          Ratio.atMost(
              "DoPut CPU a byte, server / plain gRPC of raw bytes",
              rounds.ratio(),
              1.5,
              String.format(
                  Locale.ROOT,
                  "%.2f / %.2f ns a byte, messages of %.2f MiB; ours with checksum and checks of"
                      + " the vectors, without log and apply",
                  rounds.ours(),
                  rounds.reference(),
                  message.length / 1024.0 / 1024.0)));
    }
  }
}
