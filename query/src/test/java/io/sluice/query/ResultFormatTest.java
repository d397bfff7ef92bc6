package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResultFormatTest {

  @TempDir private Path directory;
  private Reading reading;

  @BeforeEach
  void open() throws Exception {
    reading = new Reading(directory);
  }

  @AfterEach
  void close() throws Exception {
    reading.close();
  }

  @Test
  void csvQuotesWhatItMustAndTellsNullFromEmpty() throws Exception {
    String sql =
        "SELECT 'a,b' AS \"x,y\", 'say \"hi\"' q, e'line\\nbreak' l, '' e, NULL n, 'plain' p,"
            + " 1.50::DECIMAL(5,2) d";
    assertThat(reading.csv(sql))
        .isEqualTo(
            "\"x,y\",q,l,e,n,p,d\n"
                + "\"a,b\",\"say \"\"hi\"\"\",\"line\nbreak\",\"\",,plain,1.50\n");
  }

  @Test
  void jsonIsOneValidArrayWithEveryTypeAsJsonHasIt() throws Exception {
    assertThat(
            reading.text(
                ResultFormat.JSON,
                "SELECT 1::TINYINT i, 18446744073709551615::UBIGINT u, 'NaN'::DOUBLE n, '-inf'::FLOAT f,"
                    + " 1e300::DOUBLE d, true b, '\\x00\\xFF'::BLOB y, 'q\"\\' || chr(1) || 'é' s,"
                    + " MAP {'k': 1, 'l': NULL} m, [{'a': 'x', 'b': [1, NULL]}] l, NULL z,"
                    + " TIMESTAMPTZ '2026-01-01 00:00:00+01' t, TIMESTAMP '2026-01-01 00:00:00.5' w,"
                    + " DATE '2026-01-02' p, TIME '12:30:00' c, sum(x) h, 'B'::ENUM('A','B') e"
                    + " FROM range(3) r(x)"))
        .isEqualTo(
            "[\n{\"i\":1,\"u\":18446744073709551615,\"n\":\"NaN\",\"f\":\"-Infinity\",\"d\":1.0E300,"
                + "\"b\":true,\"y\":\"AP8=\",\"s\":\"q\\\"\\\\\\u0001é\",\"m\":{\"k\":1,\"l\":null},"
                + "\"l\":[{\"a\":\"x\",\"b\":[1,null]}],\"z\":null,\"t\":\"2025-12-31T23:00:00Z\","
                + "\"w\":\"2026-01-01T00:00:00.500\",\"p\":\"2026-01-02\",\"c\":\"12:30:00\",\"h\":3,"
                + "\"e\":\"B\"}\n]\n");
    assertThat(reading.text(ResultFormat.JSON, "SELECT 1 WHERE false")).isEqualTo("[\n]\n");
    assertThat(reading.text(ResultFormat.JSON, "SELECT 1 a UNION ALL SELECT 2 ORDER BY a"))
        .isEqualTo("[\n{\"a\":1},\n{\"a\":2}\n]\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "340282366920938463463374607431768211455::UHUGEINT | 340282366920938463463374607431768211455",
        "(-170141183460469231731687303715884105728)::HUGEINT | -170141183460469231731687303715884105728",
        "sum(7::BIGINT) | 7",
        "12345678901234567890123::BIGNUM | 12345678901234567890123",
        "(-12345678901234567890123)::BIGNUM | -12345678901234567890123",
        "0::BIGNUM | 0",
        "[1::UHUGEINT] | [1]",
        "true | true",
        "[false] | [false]",
        "'infinity'::TIMESTAMP | \"infinity\"",
        "'-infinity'::TIMESTAMPTZ | \"-infinity\"",
        "'infinity'::DATE | \"infinity\"",
        "'12:00:00+02'::TIMETZ | \"12:00:00+02:00\"",
        "'12:00:00.5-05:30'::TIMETZ | \"12:00:00.500-05:30\"",
        "'12:00:00'::TIMETZ | \"12:00:00Z\"",
        "'24:00:00'::TIME | \"24:00:00\"",
        "'12:00:00'::TIME | \"12:00:00\"",
        "'0101'::BIT | \"0101\"",
        "'1010101010101'::BIT | \"1010101010101\"",
        "TIMESTAMP '2024-01-01 00:00:00' | \"2024-01-01T00:00:00\"",
        "TIMESTAMPTZ '2024-01-01 00:00:00' | \"2024-01-01T00:00:00Z\"",
        "INTERVAL '1 month 2 days' | \"P1M2D\"",
        "INTERVAL '1 day 3 hours' | \"P1DT3H\"",
        "INTERVAL '3 hours' | \"PT3H\"",
        "'9f1b5c1e-0000-4000-8000-000000000001'::UUID | \"9f1b5c1e-0000-4000-8000-000000000001\""
      })
  void typesThatArrowLacksHaveTheirRightValues(String expression, String json) throws Exception {
    assertThat(reading.text(ResultFormat.JSON, "SELECT %s AS v".formatted(expression)))
        .isEqualTo("[\n{\"v\":%s}\n]\n".formatted(json));
    assertThat(reading.csv("SELECT %s AS v".formatted(expression)).lines().skip(1).findFirst())
        .hasValue(json.replace("\"", ""));
  }

  @Test
  void equalNamesAreToldApartInJson() throws Exception {
    assertThat(reading.text(ResultFormat.JSON, "SELECT 1 a, 2 a, 3 a_1, 4 a"))
        .isEqualTo("[\n{\"a\":1,\"a_2\":2,\"a_1\":3,\"a_3\":4}\n]\n");
    assertThat(reading.csv("SELECT 1 a, 2 a")).isEqualTo("a,a\n1,2\n");
  }

  @Test
  void tableIsAlignedAndTerminalControlsAreShownNotObeyed() throws Exception {
    assertThat(
            reading.text(
                ResultFormat.TABLE,
                "SELECT * FROM (VALUES ('a', 5), (chr(27) || '[2J' || chr(10), 12345)) v(name, n) ORDER BY n"))
        .isEqualTo(
            """
            name             n
            -----------  -----
            a                5
            \\u001b[2J\\n  12345
            (2 rows)
            """);
  }

  @Test
  void jsonEscapesAllThatSteersATerminal() throws Exception {
    assertThat(
            reading.text(
                ResultFormat.JSON, "SELECT chr(155) || '31m' || chr(127) || chr(8238) || 'ä' AS a"))
        .isEqualTo("[\n{\"a\":\"\\u009b31m\\u007f\\u202eä\"}\n]\n");
  }

  @Test
  void nothingIsCutHoweverLongItIs() throws Exception {
    String text =
        reading.text(ResultFormat.TABLE, "SELECT repeat('x', 1000) AS x FROM range(1200)");
    assertThat(text.lines().filter(line -> line.equals("x".repeat(1000)))).hasSize(1200);
    assertThat(text).endsWith("(1200 rows)\n");
  }
}
