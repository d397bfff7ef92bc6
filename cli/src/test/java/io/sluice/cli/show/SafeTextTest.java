package io.sluice.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SafeTextTest {

  @Test
  void whatWouldSteerATerminalIsWrittenOut() {
    assertThat(SafeText.of("a\u001b[2Jb\rc\nd\te\u0007\u007f\u009b31m"))
        .isEqualTo("a\\u001b[2Jb\\rc\\nd\\te\\u0007\\u007f\\u009b31m");
    assertThat(SafeText.of("\u202egpj.exe \u2066x\u2028"))
        .isEqualTo("\\u202egpj.exe \\u2066x\\u2028");
    assertThat(SafeText.of("\ud800 alone")).isEqualTo("\\ud800 alone");
    for (int point = 0; point < 0x3000; point++) {
      assertThat(SafeText.of(Character.toString(point)).codePoints())
          .as("%04x", point)
          .noneMatch(Character::isISOControl);
    }
  }

  @Test
  void lettersOfAllPeoplesStay() {
    for (String text : new String[] {"Zahlung für 3 €", "支払い", "платёж", "👩‍🚒 ok"}) {
      assertThat(SafeText.of(text)).isEqualTo(text);
    }
  }

  @Test
  void noMoreColumnsAreTakenThanThereAre() {
    assertThat(SafeText.of("abcdef", 6)).isEqualTo("abcdef");
    assertThat(SafeText.of("abcdefg", 6)).isEqualTo("abcde…");
    assertThat(SafeText.of("支払い支払い", 6)).isEqualTo("支払…");
    assertThat(SafeText.of("ab\n\n\n\n", 6)).isEqualTo("ab\\n…");
    assertThat(SafeText.width(SafeText.of("支払い", 9))).isEqualTo(6);
  }

  @Test
  void marksHeapedOnOneLetterEnd() {
    String heap = "a" + "\u0301".repeat(1_000_000);
    assertThat(SafeText.of(heap, 80).length()).isLessThan(400);
    assertThat(SafeText.of("x".repeat(1_000_000), 80)).hasSize(80);
  }
}
