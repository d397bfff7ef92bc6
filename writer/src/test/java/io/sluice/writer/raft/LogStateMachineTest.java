package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.junit.jupiter.api.Test;

/** A replica by itself: entries as Raft hands them over. */
final class LogStateMachineTest {

  private final List<Throwable> failed = new ArrayList<>();
  private final Replica replica = new Replica();
  private final RaftEntry entries = new RaftEntry(new StreamHeadPack());
  private int waits;
  private final LogStateMachine machine =
      new LogStateMachine(entries, Runnable::run, failed::add, () -> waits++);

  private void apply(long term, long index, ByteString data) {
    LogEntryProto entry =
        LogEntryProto.newBuilder()
            .setTerm(term)
            .setIndex(index)
            .setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder().setLogData(data))
            .build();
    machine
        .applyTransaction(
            TransactionContext.newBuilder()
                .setServerRole(RaftPeerRole.FOLLOWER)
                .setStateMachine(machine)
                .setLogEntry(entry)
                .build())
        .join();
  }

  /** Else that could be let go: who begins behind it has the record's end only, and drops it. */
  @Test
  void nothingIsPassedInTheMiddleOfARecord() {
    machine.consumer(replica);
    ByteString whole =
        RaftEntry.at(entries.encode(RaftCluster.record("text".repeat(30), new Sent())), 7);
    List<ByteString> parts = EntryParts.split(whole, 150, 1);
    assertThat(parts).hasSize(2);
    apply(1, 4, EntryParts.split(whole, 1000, 2).get(0));
    apply(1, 5, parts.get(0));
    machine.notifyTermIndexUpdated(1, 6); // members change while it is appended
    assertThat(machine.applied()).isEqualTo(4);
    assertThat(replica.passedTo()).isEqualTo(4);
    apply(1, 7, parts.get(1));
    assertThat(machine.applied()).isEqualTo(7);
    assertThat(replica.positions()).containsExactly(4L, 7L);

    apply(1, 8, parts.get(0));
    machine.notifyTermIndexUpdated(2, 9); // another one leads: it ends nowhere
    assertThat(replica.passedTo()).isEqualTo(9);
    assertThat(machine.appliedTermIndex().getIndex()).isEqualTo(9);
    assertThat(failed).isEmpty();
  }

  /** It decided otherwise than the others if it passed over it; the newer release goes on there. */
  @Test
  void anEntryOfANewerReleaseIsNotPassedOver() {
    machine.consumer(replica);
    byte[] entry = entries.encode(RaftCluster.record("text", new Sent()));
    apply(1, 4, RaftEntry.at(entry.clone(), 7));
    entry[0] = 2;
    assertThatThrownBy(() -> apply(1, 5, RaftEntry.at(entry, 8)))
        .hasMessageContaining("cannot apply position 5");
    assertThat(failed)
        .singleElement()
        .asString()
        .contains("cannot read position 5 of the log: version 2");
    assertThat(machine.applied()).isEqualTo(4);
    assertThat(replica.positions()).containsExactly(4L);
  }

  /** The snapshot that was sent before was damaged, and so it was not begun from. */
  @Test
  void itCanBePausedTwice() {
    machine.getLifeCycle().transition(LifeCycle.State.STARTING);
    machine.getLifeCycle().transition(LifeCycle.State.RUNNING);
    machine.pause();
    machine.pause();
    assertThat(machine.getLifeCycleState()).isEqualTo(LifeCycle.State.PAUSED);
    assertThat(waits).isEqualTo(2);
  }
}
