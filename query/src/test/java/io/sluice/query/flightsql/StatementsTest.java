package io.sluice.query.flightsql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.query.SqlBounds;
import io.sluice.query.SqlScope;
import io.sluice.query.SqlShape;
import io.sluice.query.TableReader;
import io.sluice.query.Writers;
import io.sluice.schema.security.Caller;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Telemetry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What statements and handles have of time, by a clock that goes when it is told to. */
final class StatementsTest {

  private static final StatementLimits LIMITS =
      new StatementLimits(
          8,
          8,
          2,
          Duration.ofHours(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          32 << 20,
          1 << 20,
          1);
  private static final Visitor VISITOR =
      new Visitor(Caller.ANYBODY, new SqlScope("default", true), "here", true);

  @TempDir private Path directory;
  private final AtomicLong nanos = new AtomicLong();
  private final Telemetry telemetry = new Telemetry("test");
  private final BufferAllocator allocator = new RootAllocator();
  private Lake lake;
  private Writers writers;
  private Statements statements;

  @BeforeEach
  void open() throws Exception {
    lake =
        Lake.open(
            LakeConfig.of(
                "jdbc:sqlite:" + directory.resolve("catalog.db"),
                "file://" + directory.resolve("warehouse")),
            Clock.systemUTC());
    writers = Writers.at(List.of(new HostPort("127.0.0.1", 1)), allocator);
    TableReader tables = new TableReader(lake, writers, allocator, false, Duration.ofSeconds(1));
    statements =
        new Statements(
            tables,
            allocator,
            new SqlBounds(LIMITS.memory(), LIMITS.disk(), LIMITS.threads(), List.of()),
            LIMITS,
            telemetry,
            nanos::get);
  }

  @AfterEach
  void close() throws Exception {
    statements.close();
    writers.close();
    lake.close();
    telemetry.close();
    allocator.close();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    statements.look();
  }

  @Test
  void rowsThatNobodyAsksForAreGivenUp() throws Exception {
    Running begun = statements.start(VISITOR, "SELECT 1", List.of());
    pass(Duration.ofSeconds(59));
    assertThat(statements.running()).isEqualTo(1);
    pass(Duration.ofSeconds(2));
    assertThat(statements.running()).isZero();
    assertThatThrownBy(() -> statements.take(VISITOR, begun.handle()))
        .hasMessageContaining("within 60 s of its start: run it again");
  }

  @Test
  void rowsThatAreReadHaveTheStatementsTime() throws Exception {
    Running begun = statements.start(VISITOR, "SELECT 1", List.of());
    statements.take(VISITOR, begun.handle());
    pass(Duration.ofMinutes(4));
    assertThat(begun.why(new IllegalStateException("own"))).hasMessage("own");
    pass(Duration.ofMinutes(2));
    assertThat(begun.why(new IllegalStateException("own"))).hasMessageContaining("than 300 s");
    statements.close(begun);
  }

  @Test
  void whatIsPreparedIsKeptForAnHourAfterItsUse() {
    Prepared prepared =
        new Prepared(VISITOR, "SELECT 1", new SqlShape(new Schema(List.of()), List.of()));
    var handle = statements.keep(prepared);
    pass(Duration.ofMinutes(59));
    assertThat(statements.kept(VISITOR, handle)).isSameAs(prepared);
    pass(Duration.ofMinutes(59));
    assertThat(statements.kept(VISITOR, handle)).isSameAs(prepared);
    pass(Duration.ofMinutes(61));
    assertThatThrownBy(() -> statements.kept(VISITOR, handle))
        .hasMessageContaining("prepare it again");
  }
}
