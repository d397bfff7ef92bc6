package io.sluice.cli.show;

import org.jspecify.annotations.Nullable;

/**
 * Text of others as a terminal may have it: what would steer it (escapes, line ends, marks that
 * turn the direction of writing) is written out, and no more columns are taken than there are.
 */
public final class SafeText {

  private static final String CUT = "…";

  /** Marks without a width of their own can be heaped on one letter. */
  private static final int CHARACTERS_PER_COLUMN = 4;

  /** The whole text, safe. */
  public static String of(String text) {
    return of(text, Integer.MAX_VALUE);
  }

  /**
   * The text, cut if it needs more than so many columns.
   *
   * @param columns at least 1
   */
  public static String of(String text, int columns) {
    if (text.length() <= columns && isPlain(text)) {
      return text;
    }
    StringBuilder shown = new StringBuilder(Math.min(text.length(), columns));
    int used = 0;
    int fits = 0; // what stands before the mark of a cut
    long most = (long) CHARACTERS_PER_COLUMN * columns;
    for (int at = 0; at < text.length(); ) {
      int point = text.codePointAt(at);
      at += Character.charCount(point);
      String escaped = escaped(point);
      int wide = escaped == null ? width(point) : escaped.length();
      if (used + (long) wide > columns || shown.length() > most) {
        shown.setLength(fits);
        return shown.append(CUT).toString();
      }
      if (escaped == null) {
        shown.appendCodePoint(point);
      } else {
        shown.append(escaped);
      }
      used += wide;
      if (used < columns) {
        fits = shown.length();
      }
    }
    return shown.toString();
  }

  /** How many columns safe text takes. */
  public static int width(String text) {
    if (isPlain(text)) {
      return text.length();
    }
    return text.codePoints().map(SafeText::width).sum();
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  /** What is written for it; null if it stands for itself. */
  private static @Nullable String escaped(int point) {
    return switch (point) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> isHarmless(point) ? null : "\\u%04x".formatted(point);
    };
  }

  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE ->
          false;
      case Character.FORMAT -> point == 0x200d || point == 0x200c; // joiners, as in emoji
      default -> true;
    };
  }

  private static int width(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(point) ? 2 : 1;
    };
  }

  /** East Asian letters and pictures, by their blocks. */
  private static boolean isWide(int point) {
    return point >= 0x1100
        && (point <= 0x115f
            || (point >= 0x2e80 && point <= 0xa4cf)
            || (point >= 0xac00 && point <= 0xd7a3)
            || (point >= 0xf900 && point <= 0xfaff)
            || (point >= 0xfe30 && point <= 0xfe6f)
            || (point >= 0xff00 && point <= 0xff60)
            || (point >= 0xffe0 && point <= 0xffe6)
            || (point >= 0x1f300 && point <= 0x1faff)
            || (point >= 0x20000 && point <= 0x3fffd));
  }

  private SafeText() {}
}
