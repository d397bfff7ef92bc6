package io.sluice.writer.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A set's rows in the log are one part, but for long stretches in which there are none. */
class LoggedPartTest {

  private static final int[] NO_VOIDS = {};

  private final ChunkSet set = new ChunkSet(new TableKey("default", Table.TRACES), 0, 0);

  private void add(long position) {
    set.addLogged(position, 1, 10, NO_VOIDS);
  }

  private List<List<Long>> ranges() {
    return set.parts().stream().map(part -> List.of(part.from(), part.to(), part.rows())).toList();
  }

  @Test
  void recordsOfOthersBetweenTwoAreInThePart() {
    add(1);
    add(2);
    add(1_000);
    add(1_000 + 1 + LoggedPart.LONGEST_GAP);
    assertThat(ranges()).containsExactly(List.of(0L, 1_001 + LoggedPart.LONGEST_GAP, 4L));
  }

  @Test
  void behindALongStretchOfOthersThereIsANewPart() {
    add(1);
    long next = 1 + 2 + LoggedPart.LONGEST_GAP;
    add(next);
    add(next + 1);
    assertThat(ranges()).containsExactly(List.of(0L, 1L, 1L), List.of(next - 1, next + 1, 2L));
  }

  /** The leader of before had released it: nothing below the next row was owed to anybody. */
  @Test
  void whatIsLeftOfACutPartBeginsAtItsFirstRow() {
    add(3);
    add(7);
    add(8);
    set.seal(10);
    ChunkSet rest = set.leaveToLog(4);
    assertThat(rest.from()).isEqualTo(4);
    assertThat(rest.beforeFirstRow()).isEqualTo(6);
    assertThat(rest.rows()).isEqualTo(2);
  }
}
