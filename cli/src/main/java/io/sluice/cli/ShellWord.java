package io.sluice.cli;

/** A word as a shell reads it. */
final class ShellWord {

  static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private ShellWord() {}
}
