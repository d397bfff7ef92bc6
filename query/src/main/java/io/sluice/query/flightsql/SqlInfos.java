package io.sluice.query.flightsql;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.sql.SqlInfoBuilder;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedCaseSensitivity;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedTransaction;

/** What the endpoint says of itself. */
final class SqlInfos {

  /** What is told; of the rest clients assume what is usual. */
  private static final Set<Integer> TOLD =
      Set.of(
          SqlInfo.FLIGHT_SQL_SERVER_NAME_VALUE,
          SqlInfo.FLIGHT_SQL_SERVER_VERSION_VALUE,
          SqlInfo.FLIGHT_SQL_SERVER_ARROW_VERSION_VALUE,
          SqlInfo.FLIGHT_SQL_SERVER_READ_ONLY_VALUE,
          SqlInfo.FLIGHT_SQL_SERVER_SQL_VALUE,
          SqlInfo.FLIGHT_SQL_SERVER_SUBSTRAIT_VALUE,
          SqlInfo.FLIGHT_SQL_SERVER_TRANSACTION_VALUE,
          SqlInfo.FLIGHT_SQL_SERVER_CANCEL_VALUE,
          SqlInfo.SQL_DDL_CATALOG_VALUE,
          SqlInfo.SQL_DDL_SCHEMA_VALUE,
          SqlInfo.SQL_DDL_TABLE_VALUE,
          SqlInfo.SQL_IDENTIFIER_CASE_VALUE,
          SqlInfo.SQL_IDENTIFIER_QUOTE_CHAR_VALUE,
          SqlInfo.SQL_QUOTED_IDENTIFIER_CASE_VALUE,
          SqlInfo.SQL_ALL_TABLES_ARE_SELECTABLE_VALUE,
          SqlInfo.SQL_SEARCH_STRING_ESCAPE_VALUE,
          SqlInfo.SQL_SCHEMA_TERM_VALUE,
          SqlInfo.SQL_CATALOG_TERM_VALUE,
          SqlInfo.SQL_CATALOG_AT_START_VALUE,
          SqlInfo.SQL_TRANSACTIONS_SUPPORTED_VALUE);

  /**
   * Sends what is asked for, as far as it is told.
   *
   * @param asked numbers of SqlInfo; none is all
   */
  static void send(List<Integer> asked, ServerStreamListener listener) {
    List<Integer> told = asked.stream().filter(TOLD::contains).distinct().toList();
    builder().send(told, listener);
  }

  private static SqlInfoBuilder builder() {
    String version = SqlInfos.class.getPackage().getImplementationVersion();
    String arrow = SqlInfoBuilder.class.getPackage().getImplementationVersion();
    return new SqlInfoBuilder()
        .withFlightSqlServerName("Sluice")
        .withFlightSqlServerVersion(Objects.requireNonNullElse(version, "0.1.0"))
        .withFlightSqlServerArrowVersion(Objects.requireNonNullElse(arrow, "19.0.0"))
        .withFlightSqlServerReadOnly(true)
        .withFlightSqlServerSql(true)
        .withFlightSqlServerSubstrait(false)
        .withFlightSqlServerTransaction(SqlSupportedTransaction.SQL_SUPPORTED_TRANSACTION_NONE)
        .withFlightSqlServerCancel(true)
        .withSqlDdlCatalog(false)
        .withSqlDdlSchema(false)
        .withSqlDdlTable(false)
        .withSqlIdentifierCase(SqlSupportedCaseSensitivity.SQL_CASE_SENSITIVITY_CASE_INSENSITIVE)
        .withSqlIdentifierQuoteChar("\"")
        .withSqlQuotedIdentifierCase(
            SqlSupportedCaseSensitivity.SQL_CASE_SENSITIVITY_CASE_INSENSITIVE)
        .withSqlAllTablesAreSelectable(true)
        .withSqlSearchStringEscape("\\")
        .withSqlSchemaTerm("tenant")
        .withSqlCatalogTerm("catalog")
        .withSqlCatalogAtStart(true)
        .withSqlTransactionsSupported(false);
  }

  private SqlInfos() {}
}
