package io.sluice.bench.hostile;

import io.sluice.bench.audit.Audit;
import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.harness.LoadRun;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.schema.table.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients at a fixed rate, far below what the box can do, over gRPC and HTTP in halves. Each
 * request has its time: one that waits for its connection is late itself. One thread uses it.
 */
final class HonestLoad {

  private static final double RECORDS_A_SECOND = 1_500; // each way
  private static final int BATCH = 20;
  private static final int CONNECTIONS = 8; // each way
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANSWERS = Duration.ofSeconds(60);

  private final SluiceBox box;
  private final List<Path> acks = new ArrayList<>();
  private long runs;

  HonestLoad(SluiceBox box) {
    this.box = box;
  }

  /** Begins, and ends by itself. */
  Running start(Duration length) {
    return new Running(LoadRun.start(options(length, false)), LoadRun.start(options(length, true)));
  }

  /** Of all that was ever started. */
  AuditResult audit() throws Exception {
    return Audit.run(acks, box.target());
  }

  /** Both ways at once. */
  record Running(LoadRun grpc, LoadRun http) implements AutoCloseable {

    List<LoadReport> reports() throws Exception {
      return List.of(grpc.report(), http.report());
    }

    @Override
    public void close() {
      grpc.close();
      http.close();
    }
  }

  private LoadOptions options(Duration length, boolean http) {
    long run = ++runs;
    Path noted = box.directory().resolve("honest-" + run);
    acks.add(noted);
    return new LoadOptions(
        Signal.stable(),
        RECORDS_A_SECOND,
        length,
        Long.MAX_VALUE,
        CONNECTIONS,
        http,
        http ? box.http() : box.grpc(),
        run,
        run,
        BATCH,
        noted,
        false,
        TIMEOUT,
        ANSWERS);
  }
}
