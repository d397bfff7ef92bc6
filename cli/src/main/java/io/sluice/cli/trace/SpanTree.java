package io.sluice.cli.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Spans in the order of a waterfall: each once, below its parent if that is there. Ids are the
 * clients': a parent that is missing, an id that is there twice and parents in a circle are said.
 */
final class SpanTree {

  /**
   * A span in its place.
   *
   * @param lead what is drawn before it
   * @param below what is drawn before what belongs to it
   * @param note what is odd with it; empty if nothing
   */
  record Place(Span span, String lead, String below, String note) {}

  /** Deeper ones are told by their depth. */
  private static final int DEEPEST_DRAWN = 16;

  private static final Comparator<Span> ORDER =
      Comparator.comparing(Span::start, Long::compareUnsigned)
          .thenComparing(Span::end, (a, b) -> Long.compareUnsigned(b, a))
          .thenComparing(Span::id);

  private record Next(int span, int depth, String indent, boolean last, String note) {}

  private final List<Span> spans;
  private final List<List<Integer>> children = new ArrayList<>();
  private final List<Integer> tops = new ArrayList<>();
  private final boolean[] placed;
  private final boolean[] again;
  private final List<Place> places = new ArrayList<>();

  private SpanTree(List<Span> spans) {
    this.spans = spans;
    this.placed = new boolean[spans.size()];
    this.again = new boolean[spans.size()];
  }

  /** All of them. */
  static List<Place> of(List<Span> given) {
    SpanTree tree = new SpanTree(given.stream().sorted(ORDER).toList());
    tree.link();
    for (int top : tree.tops) {
      String parent = tree.spans.get(top).parent();
      tree.place(top, parent.isEmpty() ? "" : "parent " + parent + " is not there");
    }
    for (int span = 0; span < tree.spans.size(); span++) {
      tree.place(span, "parents in a circle");
    }
    return tree.places;
  }

  private void link() {
    Map<String, Integer> byId = new HashMap<>();
    for (int i = 0; i < spans.size(); i++) {
      children.add(new ArrayList<>());
      String id = spans.get(i).id();
      again[i] = !id.isEmpty() && byId.putIfAbsent(id, i) != null;
    }
    for (int i = 0; i < spans.size(); i++) {
      Integer parent = byId.get(spans.get(i).parent());
      if (parent == null) {
        tops.add(i);
      } else {
        children.get(parent).add(i);
      }
    }
  }

  /** It and all below it, unless it has a place. */
  private void place(int top, String note) {
    Deque<Next> stack = new ArrayDeque<>();
    stack.push(new Next(top, 0, "", true, note));
    while (!stack.isEmpty()) {
      Next next = stack.pop();
      if (placed[next.span]) {
        continue;
      }
      placed[next.span] = true;
      boolean drawn = next.depth <= DEEPEST_DRAWN;
      String lead = next.indent;
      String below = next.indent;
      if (!drawn) {
        lead += "…" + next.depth + " ";
      } else if (next.depth > 0) {
        lead += next.last ? "└ " : "├ ";
        below += next.last ? "  " : "│ ";
      }
      places.add(
          new Place(
              spans.get(next.span),
              lead,
              below,
              again[next.span] ? "id is there again" : next.note));
      List<Integer> inner = children.get(next.span);
      for (int i = inner.size() - 1; i >= 0; i--) {
        boolean last = i == inner.size() - 1;
        stack.push(new Next(inner.get(i), next.depth + 1, below, last, ""));
      }
    }
  }
}
