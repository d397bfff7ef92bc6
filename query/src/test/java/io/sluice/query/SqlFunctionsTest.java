package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Of the functions that DuckDB has, those that do more than compute from what they are given were
 * looked at, one by one: the next DuckDB may have others.
 */
final class SqlFunctionsTest {

  @Test
  void eachFunctionThatDoesMoreThanComputeIsRefusedOrWasLookedAt() throws Exception {
    Set<String> served = new TreeSet<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet all =
            statement.executeQuery(
                """
                SELECT DISTINCT lower(function_name) FROM duckdb_functions()
                WHERE function_type = 'macro'
                   OR (function_type IN ('scalar', 'aggregate') AND stability <> 'CONSISTENT')
                """)) {
      while (all.next()) {
        String name = all.getString(1);
        if (!SqlScope.isRefused(name)) {
          served.add(name);
        }
      }
    }
    try (var file = getClass().getResourceAsStream("functions-looked-at.txt")) {
      assertThat(served)
          .isEqualTo(
              new String(file.readAllBytes(), StandardCharsets.UTF_8)
                  .lines()
                  .filter(line -> !line.isBlank())
                  .collect(Collectors.toCollection(TreeSet::new)));
    }
  }
}
