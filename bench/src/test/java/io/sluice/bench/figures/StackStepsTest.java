package io.sluice.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StackStepsTest {

  private final StackSteps steps = new StackSteps();

  @Test
  void theInnermostFrameThatIsKnownDecides() {
    steps.add(
        "[otlp-1 tid=7];java/lang/Thread.run;io/sluice/acceptor/receive/Work.run;"
            + "io/sluice/acceptor/decode/Spans.read;java/lang/String.hashCode 3");
    steps.add(
        "[persist];io/sluice/writer/persist/A.b;io/sluice/writer/parquet/C.d;HUF_compress1X 2");
    steps.add("[persist];io/sluice/writer/persist/A.b;io/sluice/writer/parquet/C.d;memcpy 1");

    assertThat(steps.heaviestFirst())
        .containsExactly(
            Map.entry("decode into columns", 3L),
            Map.entry("ZSTD", 2L),
            Map.entry("Parquet: pages", 1L));
    assertThat(steps.all()).isEqualTo(6);
  }

  @Test
  void aSystemCallIsTheLogsOrASocketsWhoeverMakesIt() {
    steps.add(
        "[wal];io/sluice/wal/Appender.write;sun/nio/ch/FileDispatcherImpl.pwrite0;pwrite64 5");
    steps.add("[wal];io/sluice/wal/Appender.write;sun/nio/ch/FileDispatcherImpl.writev0;writev 2");
    steps.add("[flight-1];io/sluice/writer/intake/A.b;io/netty/channel/C.d;writev 4");

    assertThat(steps.heaviestFirst())
        .containsExactly(
            Map.entry("log: write and force", 7L), Map.entry("sockets (system calls)", 4L));
  }

  @Test
  void theJvmsOwnThreadsAreKnownByName() {
    steps.add("[C2 CompilerThre tid=12];thread_native_entry;Compile::Optimize 2");
    steps.add("[G1 Conc#0 tid=13];G1ConcurrentMark::mark 1");
    steps.add("[main];nobody 1");

    assertThat(steps.heaviestFirst())
        .contains(
            Map.entry("JVM: compilers", 2L),
            Map.entry("JVM: collector", 1L),
            Map.entry(StackSteps.OTHER, 1L));
  }
}
