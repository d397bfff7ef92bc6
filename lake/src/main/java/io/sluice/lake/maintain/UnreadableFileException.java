package io.sluice.lake.maintain;

/** A data file's rows cannot be read, or are not as many as the table says. */
final class UnreadableFileException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String location;

  UnreadableFileException(String location, String why, Throwable cause) {
    super("cannot read %s: %s".formatted(location, why), cause);
    this.location = location;
  }

  UnreadableFileException(String location, String why) {
    super("cannot read %s: %s".formatted(location, why));
    this.location = location;
  }

  String location() {
    return location;
  }
}
