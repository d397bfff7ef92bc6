package io.sluice.query.flightsql;

import io.sluice.query.SqlShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that a client keeps here, with the values it last gave for the parameters. */
final class Prepared {

  private final Visitor visitor;
  private final String sql;
  private final SqlShape shape;
  private volatile long used;
  private volatile List<@Nullable Object> values = List.of();

  Prepared(Visitor visitor, String sql, SqlShape shape) {
    this.visitor = visitor;
    this.sql = sql;
    this.shape = shape;
  }

  /** When it was used last. */
  long used() {
    return used;
  }

  void used(long now) {
    used = now;
  }

  Visitor visitor() {
    return visitor;
  }

  String sql() {
    return sql;
  }

  SqlShape shape() {
    return shape;
  }

  List<@Nullable Object> values() {
    return values;
  }

  void values(List<@Nullable Object> given) {
    values = given;
  }
}
