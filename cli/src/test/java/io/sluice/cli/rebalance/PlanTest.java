package io.sluice.cli.rebalance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.query.ClusterLogs;
import io.sluice.query.LogMember;
import io.sluice.query.WriterLogs;
import io.sluice.schema.service.HostPort;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said before anything is done. */
final class PlanTest {

  private static final HostPort AT = new HostPort("w1", 8815);
  private static final List<HostPort> ADDRESSES = List.of(new HostPort("w0", 8815), AT);

  private static Plan.Line line(int log, @Nullable Integer leader, List<Integer> now) {
    return new Plan.Line(log, leader, now, List.of(3, 0, 1));
  }

  private static List<String> printed(boolean lead, Plan.Line... lines) {
    StringWriter out = new StringWriter();
    new Plan(List.of(lines), lead).print(new PrintWriter(out));
    return out.toString().lines().toList();
  }

  @Test
  void eachLogIsALineWithWhatComesAndWhatGoes() {
    assertThat(
            printed(
                true,
                line(0, 3, List.of(0, 1, 3)),
                line(1, 2, List.of(0, 1, 2)),
                line(2, 0, List.of(0, 1, 3)),
                line(3, null, List.of())))
        .containsExactly(
            "log 0: writer-0, writer-1, writer-3 (leads): stays",
            "log 1: writer-0, writer-1, writer-2 (leads) -> writer-3 comes, writer-2 goes, writer-3 is to lead",
            "log 2: writer-0 (leads), writer-1, writer-3 -> writer-3 is to lead",
            "log 3: no Writer that answers leads it; it is to be on writer-3, writer-0, writer-1",
            "copies to move: 1, leads to move: 2");
  }

  @Test
  void withoutAWriterOnlyItsOwnLeadsMove() {
    assertThat(printed(false, line(1, 2, List.of(0, 1, 2)), line(2, 0, List.of(0, 1, 3))))
        .containsExactly(
            "log 1: writer-0, writer-1, writer-2 (leads) -> writer-3 comes, writer-2 goes, another is to lead",
            "log 2: writer-0 (leads), writer-1, writer-3: stays",
            "copies to move: 1, leads to move: 1");
  }

  private static ClusterLogs answer(String name, int writers) {
    LogMember self = new LogMember(name, "disk", new HostPort("w1", 8816), AT);
    return new ClusterLogs(
        List.of(), List.of(new WriterLogs(AT, name, AT, 3, List.of(), self, writers)), Map.of());
  }

  @Test
  void writersWithOtherSettingsAreNamed() throws Exception {
    assertThat(Seen.of(ADDRESSES, answer("writer-1", 2)).selves()).containsOnlyKeys(1);
    assertThatThrownBy(() -> Seen.of(ADDRESSES, answer("writer-1", 3)))
        .isInstanceOf(RebalanceException.class)
        .hasMessage(
            "cannot rebalance: Writer w1:8815 is writer-1 of 3 Writers, here it is number 1 of 2 (start it with the same SLUICE_WRITERS)");
    assertThatThrownBy(() -> Seen.of(ADDRESSES, answer("writer-0", 2)))
        .hasMessageContaining("is writer-0 of 2 Writers, here it is number 1");
  }

  @Test
  void logsWithOneCopyHaveTheirPlaces() {
    ClusterLogs one =
        new ClusterLogs(
            List.of(), List.of(new WriterLogs(AT, "writer-1", AT, 3, List.of())), Map.of());
    assertThatThrownBy(() -> Seen.of(ADDRESSES, one))
        .hasMessage(
            "cannot rebalance: the logs of Writer w1:8815 have one copy (with replication-factor 1 their places are fixed)");
  }
}
