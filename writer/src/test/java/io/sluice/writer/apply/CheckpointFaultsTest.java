package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.wire.BatchId;
import io.sluice.writer.HotSpans;
import io.sluice.writer.apply.Restarting.Sent;
import io.sluice.writer.apply.SimulatedDirectory.Fault;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The window's checkpoint and the names of the tables are written on a disk that breaks at each
 * step in turn. Then the log opens again, and what was released is known.
 */
class CheckpointFaultsTest {

  private static final int MANY = Integer.MAX_VALUE;
  private static final long WINDOW_MICROS = 1_000_000;

  private Restarting box;

  @ParameterizedTest
  @EnumSource(Fault.class)
  void whicheverStepBreaksTheLogOpensAgainAndRepeatsAreKnown(Fault fault) throws Exception {
    int broken = 0;
    boolean reached = true;
    for (int step = 1; reached; step++) {
      reached = false;
      for (int survival = 0; survival < 12; survival++) {
        reached = run(step, fault, new Random(step * 100L + survival));
      }
      broken += reached ? 1 : 0;
    }
    assertThat(broken).as("steps of two files, twice").isGreaterThanOrEqualTo(20);
  }

  /** Whether the run came to the step. */
  private boolean run(int step, Fault fault, Random random) throws Exception {
    box = new Restarting(WINDOW_MICROS, 1_000);
    box.start(MANY);
    send(1, false);
    send(2, false);
    box.persist(Restarting.KEYS[0]);
    box.directory.arm(step, fault);
    boolean broke = !released();
    if (!box.directory.isOff()) {
      send(1, true);
      send(3, false);
      box.persist(Restarting.KEYS[0]);
      send(4, false);
      broke |= !released();
      if (broke && !box.directory.isOff()) {
        assertThat(released()).as("it passed").isTrue();
        broke = true;
      }
    }
    long released = box.log.released;
    box.stop();
    box.directory = box.directory.afterPowerCut(random);
    box.start(MANY); // refuses if the log was released beyond what the checkpoint knows
    var tables = new ReleasedTables(box.directory, box.log.id()).read();
    assertThat(tables).hasSizeGreaterThanOrEqualTo(released == 0 ? 0 : 1);
    tables.forEach(table -> assertThat(table.mark()).isBetween(released, 4L));
    send(2, true);
    send(1, true);
    box.persist(Restarting.KEYS[0]);
    box.stop();
    for (Sent sent : box.sent) {
      boolean first = Boolean.FALSE.equals(sent.answeredAsRepeat);
      assertThat(sent.inTable).as("%s", sent).isEqualTo(first ? 1 : 0);
    }
    return broke;
  }

  private boolean released() {
    try {
      box.release();
      return true;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("injected");
      return false;
    }
  }

  private void send(long id, boolean repeat) {
    var record = box.append(0, List.of(new BatchId(0, id)), id * 1000, HotSpans.NOW);
    assertThat(box.apply(record)).containsExactly(repeat);
  }
}
