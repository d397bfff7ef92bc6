package io.sluice.acceptor.receive;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits, by whose it is: first come first served for each of them, and of them all one after
 * the other. Guarded by whoever has it.
 */
final class TurnQueue<T> {

  /** Nobody is in it with nothing; the first is the next. */
  private final Map<String, Deque<T>> waiting = new LinkedHashMap<>();

  private int size;

  void add(String who, T item) {
    waiting.computeIfAbsent(who, w -> new ArrayDeque<>()).add(item);
    size++;
  }

  /** The next one of whom such is the first; it stays. Null if there is none. */
  @Nullable T first(Predicate<T> such) {
    for (Deque<T> own : waiting.values()) {
      T head = own.element();
      if (such.test(head)) {
        return head;
      }
    }
    return null;
  }

  /** Takes it out, and its owner had a turn. False if it is not there. */
  boolean take(String who, T item) {
    Deque<T> own = waiting.get(who);
    if (own == null || !own.remove(item)) {
      return false;
    }
    size--;
    waiting.remove(who);
    if (!own.isEmpty()) {
      waiting.put(who, own); // behind all others
    }
    return true;
  }

  int size() {
    return size;
  }

  /** How many are of one of them. */
  int size(String who) {
    Deque<T> own = waiting.get(who);
    return own == null ? 0 : own.size();
  }

  /** How many there would be that something is of, with this one. */
  int owners(String with) {
    return waiting.size() + (waiting.containsKey(with) ? 0 : 1);
  }

  List<T> all() {
    List<T> all = new ArrayList<>(size);
    waiting.values().forEach(all::addAll);
    return all;
  }

  void clear() {
    waiting.clear();
    size = 0;
  }
}
