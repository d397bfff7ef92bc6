package io.sluice.writer.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.schema.security.Caller;
import io.sluice.schema.security.Scope;
import io.sluice.wal.Leadership;
import io.sluice.writer.Fixture;
import io.sluice.writer.HotSpans;
import io.sluice.writer.ManualClock;
import io.sluice.writer.NeighbourFixtureTest;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.SealPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The action {@code logs} as Writers, Acceptors and readers of another release get it. */
class LogsFixtureTest {

  private static final String HERE = "10.0.0.2:8815";

  /** One that it leads, one that another leads, and one that nobody is known to lead. */
  private static final List<Leadership> LEADERS =
      List.of(
          new Leadership(7, true, HERE),
          new Leadership(9, false, "10.0.0.3:8815"),
          new Leadership(12, false, null));

  /** As a Writer with three copies is of one; what is in it is written by the product's code. */
  private static final Cluster SHARED =
      new Cluster() {
        @Override
        public void writeSelf(JsonGenerator out) throws IOException {
          NeighbourFixtureTest.writeSelf(out);
        }

        @Override
        public void writeMembers(JsonGenerator out, int number) throws IOException {
          NeighbourFixtureTest.writeMembers(out);
        }

        @Override
        public void act(Act act, byte[] body) {
          throw new UnsupportedOperationException();
        }
      };

  @Test
  void whatAWriterSaysOfItsLogsIsTheFixture() throws Exception {
    try (ChunkBuffer buffer =
        new ChunkBuffer(key -> 0L, SealPolicy.DEFAULT, HotSpans.NO_LOG, new ManualClock())) {
      ServedLogs logs =
          new ServedLogs() {
            @Override
            public int count() {
              return LEADERS.size();
            }

            @Override
            public List<ServedLog> hosted() {
              return List.of(served(0, buffer), served(1, buffer), served(2, buffer));
            }

            @Override
            public Cluster cluster() {
              return SHARED;
            }
          };
      Actions actions = FixedLogs.actions("writer-1", HERE, logs, FixedLogs.admitted());
      new Fixture("logs.json").requireWritten(actions.run("logs", new byte[0], Caller.ANYBODY));
      for (Scope scope : List.of(Scope.READ, Scope.ADMIN)) {
        Caller tenants = new Caller("a", "shop", Set.of(scope), false);
        JsonNode told = new ObjectMapper().readTree(actions.run("logs", new byte[0], tenants));
        assertThat(told.fieldNames())
            .toIterable()
            .containsExactlyInAnyOrder("v", "writer", "address", "cluster", "logs");
        assertThat(told.get("logs").get(1).get("leader").asText()).isEqualTo("10.0.0.3:8815");
        assertThat(told.get("logs").get(1).has("peers")).isFalse();
      }
      Caller operator = new Caller("b", null, Set.of(Scope.ADMIN), false);
      new Fixture("logs.json").requireWritten(actions.run("logs", new byte[0], operator));
    }
  }

  private static ServedLog served(int number, ChunkBuffer buffer) {
    PromisedLog log = new PromisedLog(new UUID(0x0f0e0d0c0b0a4908L, 0x8706050403020000L | number));
    log.leadership = LEADERS.get(number);
    return FixedLogs.served(number, log, buffer, new ReadGate(buffer, log, () -> null));
  }
}
