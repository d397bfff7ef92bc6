package io.sluice.schema.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTextTest {

  private final ValueText values = new ValueText();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "s | 17                    | string_value: \"17\"",
        "i | -9223372036854775808  | int_value: -9223372036854775808",
        "d | 1.5E300               | double_value: 1.5E300",
        "d | -0.0                  | double_value: -0.0",
        "d | -Infinity             | double_value: -Infinity",
        "b | true                  | bool_value: true",
        "y | AP8=                  | bytes_value: \"\\000\\377\"",
        "j | []                    | array_value { }",
        "j | {}                    | kvlist_value { }",
        "j | [1,1.0,1E3,null]      | array_value { values { int_value: 1 } values { double_value:"
            + " 1.0 } values { double_value: 1000.0 } values { } }",
        "j | {\"a\":{\"a\":false}} | kvlist_value { values { key: \"a\" value { kvlist_value {"
            + " values { key: \"a\" value { bool_value: false } } } } } }",
        "j | [\"\\u001f\\n\\\\\"]  | array_value { values { string_value: \"\\037\\n\\\\\" } }",
      })
  void textBecomesTheValueItsLetterSays(char letter, String text, String expected) {
    AnyValue value = values.value(text, letter);
    assertThat(value.toString().replaceAll("\\s+", " ").strip()).isEqualTo(expected);
    assertThat(values.mismatches()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "i | 1.0",
        "i | 9223372036854775808",
        "d | one",
        "b | TRUE",
        "y | !",
        "j | [1",
        "j | [1] 2",
        "j | {\"a\":99999999999999999999}",
        "j | nul",
        "x | a"
      })
  void textThatDoesNotFitIsAStringAndCounted(char letter, String text) {
    assertThat(values.value(text, letter).getStringValue()).isEqualTo(text);
    assertThat(values.mismatches()).isEqualTo(1);
  }

  @Test
  void canonicalNanIsTheOneThatTextStandsFor() {
    assertThat(Double.doubleToRawLongBits(values.value("NaN", 'd').getDoubleValue()))
        .isEqualTo(0x7ff8000000000000L);
  }
}
