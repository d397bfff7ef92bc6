package io.sluice.query;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which columns of a table are to be read. Names are compared as SQL does, without case.
 *
 * @param all whatever the names
 * @param names lower case
 */
public record ColumnSet(boolean all, Set<String> names) {

  public static final ColumnSet ALL = new ColumnSet(true, Set.of());

  public ColumnSet {
    names = Set.copyOf(names);
  }

  public static ColumnSet of(Set<String> names) {
    return new ColumnSet(
        false, names.stream().map(n -> n.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()));
  }

  public boolean has(String name) {
    return all || names.contains(name.toLowerCase(Locale.ROOT));
  }
}
