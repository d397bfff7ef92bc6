package io.sluice.lake;

import java.sql.SQLException;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/** Why a catalog's database did not do what it was asked for, in the words of who runs this. */
final class CatalogReason {

  /** Why it cannot be connected to, and what to do. */
  static String ofConnecting(SQLException e) {
    return said(e) + advice(e);
  }

  /** What is wrong; Iceberg says what it was about to do, and only the database says why not. */
  static String of(RuntimeException failure) {
    String said = String.valueOf(failure.getMessage());
    if (!(failure instanceof UncheckedSQLException)) {
      return said;
    }
    Throwable deepest = failure;
    while (deepest.getCause() instanceof SQLException cause) {
      deepest = cause;
    }
    String reason = deepest instanceof SQLException e ? said(e) : said;
    return said.contains(reason) ? said : said + ": " + reason;
  }

  private static String said(SQLException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse(message).trim();
  }

  /** By the classes and codes of SQL's standard and of PostgreSQL. */
  private static String advice(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (state.equals("28P01")) {
      return " (see to catalog.user and catalog.password)";
    }
    if (state.startsWith("28")) {
      return " (see to catalog.user, catalog.password, and whom the database lets in: pg_hba.conf)";
    }
    if (state.equals("3D000")) {
      return " (make it, or see to catalog.uri)";
    }
    if (state.equals("53300")) {
      return " (raise its max_connections, or put a pooler before it)";
    }
    return state.startsWith("08")
        ? " (does the database run, and is it where catalog.uri says?)"
        : "";
  }

  private CatalogReason() {}
}
