package io.sluice.schema.service;

/**
 * How a service logs.
 *
 * @param level the least that is logged
 * @param format {@code text}, or {@code json} lines
 */
public record LogSettings(String level, String format) {

  /** Reads them; problems stay in the settings. */
  public static LogSettings from(Settings settings) {
    return new LogSettings(
        settings.get(
            "log.level",
            "info",
            Parsers.oneOf("error", "warn", "info", "debug", "trace"),
            "least level logged: error, warn, info, debug"),
        settings.get("log.format", "text", Parsers.oneOf("text", "json"), "text, or json lines"));
  }

  /** For logback.xml, which reads them when the process makes its first logger: not before this. */
  void use() {
    System.setProperty("sluice.log.level", level);
    System.setProperty("sluice.log.format", format);
  }
}
