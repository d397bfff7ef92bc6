package io.sluice.writer.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.Telemetry;
import io.sluice.writer.ManualClock;
import io.sluice.writer.persist.Holds.Answer;
import io.sluice.writer.persist.Holds.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HoldsTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Answer HELD = new Answer(State.HELD, "");
  private static final Answer KEPT = new Answer(State.KEPT, "");

  private final ManualClock clock = new ManualClock();
  private final Room room = new Room();
  private final Holds holds = new Holds(clock, new Telemetry("test"));

  private static final class Room implements Holds.Limits {
    private String against;
    private String pressing;

    @Override
    public String against() {
      return against;
    }

    @Override
    public String pressing() {
      return pressing;
    }
  }

  HoldsTest() {
    holds.begin(room);
  }

  @Test
  void noChangeBeginsWhileItIsHeld() {
    assertThat(holds.take("a", HOUR)).isEqualTo(HELD);
    assertThat(holds.change("a commit")).isNull();
    assertThat(holds.isHeld()).isTrue();
    assertThat(holds.end("a")).isEqualTo(KEPT);
    assertThat(holds.change("a commit")).isNotNull();
    assertThat(holds.end("a")).as("told twice, as the first answer may be lost").isEqualTo(KEPT);
  }

  @Test
  void itIsHeldOnceChangesThatHadBegunAreDone() {
    Holds.Change first = holds.change("a commit to traces");
    Holds.Change second = holds.change("a release");
    assertThat(holds.take("a", HOUR))
        .isEqualTo(new Answer(State.WAITING, "a commit to traces, a release"));
    assertThat(holds.change("a commit to logs")).as("none begins before it").isNull();
    first.close();
    assertThat(holds.renew("a")).isEqualTo(new Answer(State.WAITING, "a release"));
    second.close();
    assertThat(holds.renew("a")).isEqualTo(HELD);
  }

  @Test
  void oneThatIsGivenUpBeforeItHadBegunIsNotKept() {
    Holds.Change change = holds.change("a commit");
    holds.take("a", HOUR);
    assertThat(holds.end("a").state()).isEqualTo(State.BROKEN);
    change.close();
    assertThat(holds.isHeld()).isFalse();
  }

  @Test
  void itLapsesWhenItsHolderSaysNothing() {
    holds.take("a", HOUR);
    clock.advance(Holds.LEASE);
    assertThat(holds.renew("a")).isEqualTo(HELD);
    clock.advance(Holds.LEASE.plusNanos(1));
    assertThat(holds.isHeld()).isFalse();
    assertThat(holds.change("a commit")).isNotNull();
    assertThat(holds.renew("a").state()).isEqualTo(State.BROKEN);
    assertThat(holds.take("a", HOUR).state())
        .as("nobody takes it up again")
        .isEqualTo(State.BROKEN);
    assertThat(holds.end("a").why()).contains("said nothing for 15 s");
  }

  @Test
  void oneThatIsEndedTooLateIsNotKeptAlthoughNobodyLookedMeanwhile() {
    holds.take("a", HOUR);
    clock.advance(Holds.LEASE.plusNanos(1));
    assertThat(holds.end("a").state()).isEqualTo(State.BROKEN);
  }

  @Test
  void itEndsWhenItsTimeIsOverHoweverOftenItIsRenewed() {
    holds.take("a", Duration.ofSeconds(20));
    clock.advance(Duration.ofSeconds(12));
    assertThat(holds.renew("a")).isEqualTo(HELD);
    clock.advance(Duration.ofSeconds(9));
    assertThat(holds.renew("a").state()).isEqualTo(State.BROKEN);
    assertThat(holds.end("a").why()).contains("its copy was not done");
  }

  @Test
  void itIsBrokenBeforeRowsWouldBeRefused() {
    holds.take("a", HOUR);
    holds.look();
    assertThat(holds.renew("a")).isEqualTo(HELD);
    room.pressing = "hot rows take 9 of 10 bytes";
    holds.look();
    assertThat(holds.isHeld()).isFalse();
    room.pressing = null;
    assertThat(holds.end("a")).isEqualTo(new Answer(State.BROKEN, "hot rows take 9 of 10 bytes"));
  }

  @Test
  void thereIsOneAtATime() {
    holds.take("a", HOUR);
    clock.advance(Duration.ofSeconds(3));
    assertThat(holds.take("a", HOUR)).as("asked again").isEqualTo(HELD);
    assertThat(holds.take("b", HOUR).state()).isEqualTo(State.REFUSED);
    assertThat(holds.take("b", HOUR).why()).contains("another copy for 3 s");
    assertThat(holds.end("b").state()).as("it never was").isEqualTo(State.BROKEN);
    assertThat(holds.end("a")).isEqualTo(KEPT);
    assertThat(holds.take("b", HOUR)).isEqualTo(HELD);
  }

  @Test
  void nothingIsHeldThatCannotBeOrThatPresses() {
    Holds young = new Holds(clock, new Telemetry("test"));
    assertThat(young.take("a", HOUR).state()).isEqualTo(State.REFUSED);
    room.against = "the catalog is away";
    assertThat(holds.take("a", HOUR)).isEqualTo(new Answer(State.REFUSED, "the catalog is away"));
    room.against = null;
    room.pressing = "log 0 is full";
    assertThat(holds.take("a", HOUR)).isEqualTo(new Answer(State.REFUSED, "log 0 is full"));
    assertThat(holds.isHeld()).isFalse();
  }

  @Test
  void aStopBreaksItAndThereIsNoOther() {
    holds.take("a", HOUR);
    holds.stop();
    assertThat(holds.change("a commit")).isNotNull();
    assertThat(holds.end("a").state()).isEqualTo(State.BROKEN);
    assertThat(holds.take("b", HOUR)).isEqualTo(new Answer(State.REFUSED, "it is stopping"));
  }

  @Test
  void aWriterThatWasStartedMeanwhileKnowsNothingOfIt() {
    assertThat(holds.renew("a").state()).isEqualTo(State.BROKEN);
    assertThat(holds.end("a").why()).contains("it was started meanwhile");
  }
}
