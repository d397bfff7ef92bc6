package io.sluice.cli.rebalance;

import java.util.ArrayList;
import java.util.List;

/**
 * The next step by which a log comes to the Writers on which it is placed: a function of what is
 * seen, so that whoever stops and begins again, or is one of two who do it, goes on from there.
 *
 * <p>One member more, then one less, until they are those that are placed: so there are never fewer
 * copies than there were, and a new one counts only once it has all of the log (Raft's leader sees
 * to that). None is taken out before a majority of those that stay has all of it, and none that
 * leads. Pure.
 */
final class NextStep {

  /**
   * What is to be done.
   *
   * @param placed who is to have the log, who is to lead it first
   * @param lead whether that one is to lead, too; else only who does not have the log may not
   */
  static Step of(LogView log, List<Integer> placed, boolean lead) {
    if (log.leader() < 0 || !log.members().contains(log.leader())) {
      return new Step.Await("no Writer that answers leads it");
    }
    if (!log.settled()) {
      return new Step.Await("its members are being changed");
    }
    if (!log.replaced().isEmpty()) {
      return new Step.Await(
          names(log.replaced()) + " has lost its disk, and is being taken in anew");
    }
    List<Integer> missing = without(placed, log.members());
    List<Integer> surplus = without(log.members(), placed);
    if (!missing.isEmpty() && log.members().size() <= placed.size()) {
      return add(
          log,
          missing.stream().filter(log.answering()::contains).findFirst().orElse(missing.get(0)));
    }
    if (!surplus.isEmpty()) {
      return remove(log, placed, surplus);
    }
    if (lead && log.leader() != placed.get(0)) {
      return log.isNear(placed.get(0))
          ? new Step.Lead(placed.get(0))
          : new Step.Await(
              "%s is to lead it, and is away or behind".formatted(name(placed.get(0))));
    }
    List<Integer> leaving =
        without(log.applied().keySet().stream().sorted().toList(), log.members());
    return leaving.isEmpty()
        ? new Step.Done()
        : new Step.Await("%s is to delete what it has of it".formatted(names(leaving)));
  }

  private static Step add(LogView log, int writer) {
    if (!log.answering().contains(writer)) {
      return new Step.Await(name(writer) + " is to get it, and does not answer");
    }
    return log.applied().containsKey(writer) ? new Step.Add(writer) : new Step.Adopt(writer);
  }

  private static Step remove(LogView log, List<Integer> placed, List<Integer> surplus) {
    int goes =
        surplus.stream().filter(writer -> writer != log.leader()).findFirst().orElse(log.leader());
    if (goes == log.leader()) {
      return placed.stream()
          .filter(log::isNear)
          .findFirst()
          .<Step>map(Step.Lead::new)
          .orElseGet(
              () -> new Step.Await("nobody that is to have it can lead it: they are behind"));
    }
    List<Integer> stay = without(log.members(), List.of(goes));
    List<Integer> near = stay.stream().filter(log::isNear).toList();
    return near.size() > stay.size() / 2
        ? new Step.Remove(goes)
        : new Step.Await(
            "%s cannot go: of those that stay, %s, only %s has all of it"
                .formatted(name(goes), names(stay), names(near)));
  }

  private static List<Integer> without(List<Integer> all, List<Integer> those) {
    List<Integer> rest = new ArrayList<>(all);
    rest.removeAll(those);
    return rest;
  }

  static String name(int writer) {
    return "writer-" + writer;
  }

  private static String names(Iterable<Integer> writers) {
    List<String> names = new ArrayList<>();
    writers.forEach(writer -> names.add(name(writer)));
    return String.join(", ", names);
  }

  private NextStep() {}
}
