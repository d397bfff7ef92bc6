package io.sluice.cli.rebalance;

import io.sluice.schema.service.Placement;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who has the logs now, and who is to have them.
 *
 * @param lead whether leads are to be where they are placed, too
 */
record Plan(List<Line> lines, boolean lead) {

  /**
   * One log.
   *
   * @param leader of now; null if none answers
   * @param now places of its members
   * @param then the same, who is to lead first
   */
  record Line(int log, @Nullable Integer leader, List<Integer> now, List<Integer> then) {

    List<Integer> come() {
      List<Integer> come = new ArrayList<>(leader == null ? List.of() : then);
      come.removeAll(now);
      return come;
    }

    List<Integer> go() {
      List<Integer> go = new ArrayList<>(now);
      go.removeAll(then);
      return go;
    }

    boolean movesLead(boolean lead) {
      return leader != null && (lead ? !leader.equals(then.get(0)) : go().contains(leader));
    }
  }

  static Plan of(Seen seen, Placement placement, boolean lead) {
    List<Line> lines = new ArrayList<>();
    for (int log = 0; log < seen.cluster().logs().size(); log++) {
      LogView view = seen.view(log);
      lines.add(
          new Line(
              log,
              view.leader() < 0 ? null : view.leader(),
              seen.members(log).stream().map(Seen::place).sorted().toList(),
              placement.writers(log)));
    }
    return new Plan(lines, lead);
  }

  boolean isEmpty() {
    return lines.stream().allMatch(line -> line.leader() != null && isThere(line));
  }

  private boolean isThere(Line line) {
    return line.come().isEmpty() && line.go().isEmpty() && !line.movesLead(lead);
  }

  void print(PrintWriter out) {
    for (Line line : lines) {
      out.printf("log %d: %s%n", line.log(), text(line));
    }
    out.printf(
        "copies to move: %d, leads to move: %d%n",
        lines.stream().mapToInt(line -> line.come().size()).sum(),
        lines.stream().filter(line -> line.movesLead(lead)).count());
    out.flush();
  }

  private String text(Line line) {
    if (line.leader() == null) {
      return "no Writer that answers leads it; it is to be on " + Rebalance.names(line.then());
    }
    String now =
        line.now().stream()
            .map(each -> NextStep.name(each) + (each.equals(line.leader()) ? " (leads)" : ""))
            .collect(Collectors.joining(", "));
    if (isThere(line)) {
      return now + ": stays";
    }
    List<String> changes = new ArrayList<>();
    line.come().forEach(each -> changes.add(NextStep.name(each) + " comes"));
    line.go().forEach(each -> changes.add(NextStep.name(each) + " goes"));
    if (line.movesLead(lead)) {
      changes.add(lead ? NextStep.name(line.then().get(0)) + " is to lead" : "another is to lead");
    }
    return now + " -> " + String.join(", ", changes);
  }
}
