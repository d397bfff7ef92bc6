package io.sluice.schema.rows;

import io.sluice.schema.wire.MalformedMessageException;

/**
 * Whether rows are such that every reader of the table takes them: no null where the schema has
 * none, text that is UTF-8, each key of a map once. One row that is not would make its table
 * unreadable, or never to be persisted.
 *
 * <p>For messages before they are appended, and only there: what is in the log is not judged again,
 * since a rule that became stricter would stop its replay.
 */
public final class ContentCheck {

  /**
   * @throws MalformedMessageException it can never be stored
   */
  public static void check(WireBatch batch) throws MalformedMessageException {
    for (Source column : batch.columns()) {
      check(column);
    }
  }

  private static void check(Source source) throws MalformedMessageException {
    int nulls = source.shape.nullable ? 0 : source.nulls();
    if (nulls > 0) {
      throw bad(source, "has %d nulls, expected none".formatted(nulls));
    }
    if (source.shape.kind == Shape.Kind.TEXT && !Utf8Check.isValid(source)) {
      throw bad(source, "is not UTF-8");
    }
    for (Source child : source.children) {
      check(child);
    }
    if (source.shape.kind == Shape.Kind.MAP && !MapKeys.areDistinct(source)) {
      throw bad(source, "has a key twice in one map");
    }
  }

  private static MalformedMessageException bad(Source source, String what) {
    return new MalformedMessageException(
        "cannot take batch: %s %s".formatted(source.shape.name, what));
  }

  private ContentCheck() {}
}
