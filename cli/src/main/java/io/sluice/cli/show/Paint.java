package io.sluice.cli.show;

/** Colours of a terminal, or none. Any thread may use it. */
public final class Paint {

  /** What can be told apart on light and on dark ground. */
  public enum Colour {
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    BLUE("34"),
    MAGENTA("35"),
    CYAN("36"),
    DIM("2"),
    BOLD("1");

    private final String code;

    Colour(String code) {
      this.code = code;
    }
  }

  private static final Colour[] NAMES = {
    Colour.CYAN, Colour.GREEN, Colour.BLUE, Colour.MAGENTA, Colour.YELLOW
  };

  private final boolean on;

  public Paint(boolean on) {
    this.on = on;
  }

  /** The text, which must be safe, in a colour. */
  public String of(Colour colour, String text) {
    return on && !text.isEmpty() ? "\u001b[" + colour.code + "m" + text + "\u001b[0m" : text;
  }

  /** A name in a colour of its own, as far as there are any. */
  public String name(String name) {
    return of(NAMES[Math.floorMod(name.hashCode(), NAMES.length)], name);
  }
}
