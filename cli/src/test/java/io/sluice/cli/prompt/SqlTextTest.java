package io.sluice.cli.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SqlTextTest {

  @Test
  void statementEndsWithASemicolonThatIsNoText() {
    for (String whole :
        new String[] {
          "SELECT 1;",
          "SELECT 1 ; ",
          "SELECT ';';",
          "SELECT 1; -- one",
          "SELECT 1; /* ; */",
          "SELECT \"a;b\" FROM t;",
          "SELECT 1\n-- no ;\n;"
        }) {
      assertThat(SqlText.isComplete(whole)).as(whole).isTrue();
    }
    for (String open :
        new String[] {
          "SELECT 1",
          "SELECT ';",
          "SELECT 1 -- ;",
          "SELECT 1 /* ;",
          "SELECT 1; SELECT 2",
          "SELECT \";\"",
          "",
          "SELECT 1; 'x"
        }) {
      assertThat(SqlText.isComplete(open)).as(open).isFalse();
    }
  }

  @Test
  void semicolonIsNotPartOfTheStatement() {
    assertThat(SqlText.statement(" SELECT ';' ; -- x")).isEqualTo("SELECT ';'");
    assertThat(SqlText.statement(" ; ")).isEmpty();
  }
}
